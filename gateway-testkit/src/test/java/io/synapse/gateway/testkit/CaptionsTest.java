package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.media.CaptionRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Captions ride on chats, of which they expect words. */
@Timeout(60)
class CaptionsTest {
    private static final Usage ONE_EACH = Usage.of(Unit.INPUT_TOKENS, 1, Unit.OUTPUT_TOKENS, 1);

    private final ScriptedProvider first = new ScriptedProvider("first");
    private final ScriptedProvider second = new ScriptedProvider("second");
    private final CreditLedger books = CreditLedger.inMemory(Map.of("acme", Credits.of(10_000)));
    private final Gateway gateway = Gateway.builder()
            .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
            .catalog(ModelCatalog.of(
                    model("two", new Route("first", "a"), new Route("second", "b")),
                    model("filtered", new Route("filter", "a"), new Route("second", "b"))))
            .ledger(books)
            .provider(first)
            .provider(second)
            .provider(new Filter())
            .build();

    /** A model that may say nothing of what it sees. */
    private static final class Filter implements ChatProvider {
        @Override
        public String id() {
            return "filter";
        }

        @Override
        public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) {
            sink.chunk(ChatChunk.begins(0));
            sink.chunk(ChatChunk.ends(0, "content_filter"));
            return ChatUsage.of(ONE_EACH);
        }
    }

    private static Model model(String id, Route first, Route second) {
        return Model.builder(id, Modality.IMAGE_TO_TEXT)
                .routes(List.of(first, second))
                .prices(PriceList.perMillionTokens(Credits.of(1_000_000), Credits.of(1_000_000)))
                .reservedOutputTokens(100)
                .build();
    }

    @AfterEach
    void nothing_is_held() {
        gateway.close();
        assertThat(books.audit()).isEmpty();
    }

    private Answered<ChatAnswer> caption(String model) {
        return gateway.caption(
                "key", CaptionRequest.of(Map.of("model", model), new Media(new byte[] {1}, "image/png")));
    }

    @Test
    void a_caption_of_no_words_is_none_and_the_next_route_is_asked() {
        first.says(ONE_EACH, " \n");
        second.says(ONE_EACH, "A cat.");
        Answered<ChatAnswer> answered = caption("two");
        assertThat(answered.answer().text()).isEqualTo("A cat.");
        assertThat(answered.receipt().charged()).isEqualTo(Credits.of(2));
    }

    @Test
    void words_that_nobody_has_are_a_failure_that_costs_nothing() {
        first.says(ONE_EACH, "");
        second.says(ONE_EACH, "");
        assertThat(catchThrowableOfType(GatewayException.class, () -> caption("two"))
                        .error())
                .isEqualTo(new GatewayError.UpstreamFailed("second", Kind.MALFORMED, null));
        assertThat(books.available("acme")).isEqualTo(Credits.of(10_000));
    }

    @Test
    void what_a_filter_holds_back_is_the_pictures_fault_and_nobody_else_is_asked() {
        GatewayError error = catchThrowableOfType(GatewayException.class, () -> caption("filtered"))
                .error();
        assertThat(error)
                .isInstanceOfSatisfying(
                        GatewayError.InvalidRequest.class,
                        refused -> assertThat(refused.param()).isEqualTo("image"));
        assertThat(second.calls()).isZero();
        assertThat(books.available("acme")).isEqualTo(Credits.of(10_000));
    }

    @Test
    void the_picture_comes_before_what_is_asked_of_it() {
        ChatMessage said = CaptionRequest.of(Map.of("prompt", "What?"), new Media(new byte[] {1}, "image/png"))
                .asChat()
                .messages()
                .getFirst();
        assertThat(said.content())
                .containsExactly(
                        new ContentPart.Image("data:image/png;base64,AQ==", null), new ContentPart.Text("What?"));
    }
}
