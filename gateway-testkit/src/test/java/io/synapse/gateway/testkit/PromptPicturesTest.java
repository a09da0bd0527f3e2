package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pictures that a chat names by URL, with a provider that fetches none. */
class PromptPicturesTest {
    private static final int MEGABYTE = 1024 * 1024;

    private final AtomicInteger fetched = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final CreditLedger ledger = CreditLedger.inMemory(Map.of("acme", Credits.of(100)));
    private final Gateway gateway = Gateway.builder()
            .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
            .catalog(ModelCatalog.of(Model.chat("m", new Route("blind", "m"), Credits.of(1), Credits.of(1))))
            .ledger(ledger)
            .provider(new Blind())
            .pictures((field, url) -> {
                fetched.incrementAndGet();
                return new Media(new byte[15 * MEGABYTE], "image/png");
            })
            .build();

    private final class Blind implements ChatProvider {
        @Override
        public String id() {
            return "blind";
        }

        @Override
        public boolean fetchesPictures() {
            return false;
        }

        @Override
        public ChatAnswer chat(UpstreamCall call, ChatRequest request) {
            asked.incrementAndGet();
            Map<String, Object> said = Map.of("index", 0, "message", Map.of("role", "assistant", "content", "Dots."));
            return new ChatAnswer(Map.of("choices", List.of(said)), null);
        }

        @Override
        public @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) {
            throw new AssertionError("nothing was to be streamed");
        }
    }

    @AfterEach
    void the_books_are_right() {
        gateway.close();
        assertThat(ledger.audit()).isEmpty();
    }

    private static ChatRequest seeing(int pictures) {
        List<Object> parts = new ArrayList<>();
        for (int i = 0; i < pictures; i++) {
            parts.add(Map.of("type", "image_url", "image_url", Map.of("url", "https://pictures.example/" + i)));
        }
        return ChatRequest.of(Map.of("model", "m", "messages", List.of(Map.of("role", "user", "content", parts))));
    }

    private void assertRefused(int pictures, String field) {
        RuntimeException refusal =
                catchThrowableOfType(RuntimeException.class, () -> gateway.chat("key", seeing(pictures)));
        assertThat(Gateway.errorOf(refusal))
                .isInstanceOfSatisfying(
                        GatewayError.InvalidRequest.class,
                        error -> assertThat(error.param()).isEqualTo(field));
        assertThat(asked).hasValue(0);
        assertThat(ledger.available("acme")).isEqualTo(Credits.of(100));
    }

    @Test
    void they_are_fetched_and_charged_at_the_most_that_one_can_count() {
        gateway.chat("key", seeing(3));
        assertThat(fetched).hasValue(3);
        assertThat(asked).hasValue(1);
        // 2,000 tokens each at a credit a million, and a few for the rest.
        long charged = Credits.of(100).minus(ledger.available("acme")).micros();
        assertThat(charged).isBetween(6_000L, 6_100L);
    }

    @Test
    void more_than_fifty_megabytes_of_them_are_refused_before_anybody_is_asked() {
        assertRefused(4, "messages[0].content[3].image_url.url");
        assertThat(fetched).hasValue(4);
    }

    @Test
    void a_hundred_is_the_most_and_more_are_not_even_fetched() {
        assertRefused(101, "messages[0].content[100].image_url.url");
        assertThat(fetched).hasValue(0);
    }
}
