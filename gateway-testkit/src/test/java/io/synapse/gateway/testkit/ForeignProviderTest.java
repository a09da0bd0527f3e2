package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.GatewayListener;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.VideoProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters that nobody has looked at, and that break their contract: the caller is told so, and pays nothing. */
class ForeignProviderTest {
    private static final Media NOTHING = new Media(new byte[0], "video/mp4");

    private final CreditLedger ledger = CreditLedger.inMemory(Map.of("acme", Credits.of(1_000)));
    private final List<GatewayListener.Call> calls = new CopyOnWriteArrayList<>();

    private Gateway gateway(Provider provider, Duration timeout) {
        return Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
                .catalog(ModelCatalog.of(model(provider)))
                .ledger(ledger)
                .provider(provider)
                .upstreamTimeout(timeout)
                .listener(calls::add)
                .build();
    }

    private static Model model(Provider provider) {
        Route route = new Route("foreign", "x");
        return switch (provider) {
            case EmbeddingProvider ignored ->
                Model.builder("embed", Modality.EMBEDDINGS)
                        .route(route)
                        .prices(new PriceList(Map.of(Unit.INPUT_TOKENS, 1L), "1"))
                        .build();
            case VideoProvider ignored ->
                Model.builder("film", Modality.TEXT_TO_VIDEO)
                        .route(route)
                        .prices(new PriceList(Map.of(Unit.MILLISECONDS, 1L), "1"))
                        .build();
            default -> Model.chat("chat", route, Credits.of(1), Credits.of(1));
        };
    }

    private interface Chat extends ChatProvider {
        @Override
        default String id() {
            return "foreign";
        }
    }

    private interface Vectors extends EmbeddingProvider {
        @Override
        default String id() {
            return "foreign";
        }
    }

    private interface Films extends VideoProvider {
        @Override
        default String id() {
            return "foreign";
        }
    }

    private static Chat using(Usage usage) {
        return (call, request, sink) -> ChatUsage.of(usage);
    }

    /** As code in another language does, or code that was compiled against something else. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> ChatUsage thrown(Throwable e) throws E {
        throw (E) e;
    }

    private static void chat(Gateway gateway) {
        ChatAnswer unused = gateway.chat("key", ChatRequest.of("chat", "Hello")).answer();
    }

    private static void stream(Gateway gateway) {
        ChatSink nowhere = chunk -> {};
        gateway.chat("key", ChatRequest.of("chat", "Hello"), nowhere);
    }

    private static void embed(Gateway gateway) {
        EmbeddingRequest request = EmbeddingRequest.of(Map.of("model", "embed", "input", "Hello"));
        gateway.embed(gateway.admit("req-1", "key"), request);
    }

    private static void film(Gateway gateway) {
        VideoRequest request = VideoRequest.of(Map.of("model", "film", "prompt", "a hill"), null);
        gateway.generateVideo(gateway.admit("req-1", "key"), request);
    }

    static Stream<Arguments> breaches() {
        Chat noWholeAnswer = new Chat() {
            @Override
            public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) {
                throw new IllegalStateException("is not asked for");
            }

            @Override
            public ChatAnswer chat(UpstreamCall call, ChatRequest request) {
                return null;
            }
        };
        return Stream.of(
                breach("no answer to a chat", noWholeAnswer, ForeignProviderTest::chat),
                breach("no vectors", (Vectors) (call, request) -> null, ForeignProviderTest::embed),
                breach("a film of less than nothing", film(new Video(NOTHING, -1, null)), ForeignProviderTest::film),
                breach(
                        "a film without a film",
                        (Films) (call, request) -> new Video(null, 1, null),
                        ForeignProviderTest::film),
                breach(
                        "a unit that has no price",
                        film(new Video(NOTHING, 1, Usage.of(Unit.IMAGES, 1))),
                        ForeignProviderTest::film),
                breach(
                        "a unit that a chat has no price for",
                        using(Usage.of(Unit.IMAGES, 1)),
                        ForeignProviderTest::chat),
                breach(
                        "a usage below zero",
                        (Chat) (call, request, sink) -> ChatUsage.of(Usage.of(Unit.INPUT_TOKENS, -1)),
                        ForeignProviderTest::stream),
                breach(
                        "an exception that its method does not declare",
                        (Chat) (call, request, sink) -> thrown(new IOException("broken pipe")),
                        ForeignProviderTest::chat),
                breach(
                        "a library that is missing",
                        (Chat) (call, request, sink) -> thrown(new NoClassDefFoundError("org/acme/Missing")),
                        ForeignProviderTest::stream),
                breach(
                        "an exception of its own",
                        (Chat) (call, request, sink) -> thrown(new IllegalStateException("boom")),
                        ForeignProviderTest::stream));
    }

    private static Films film(Video video) {
        return (call, request) -> video;
    }

    private static Arguments breach(String name, Provider provider, Consumer<Gateway> call) {
        return Arguments.of(name, provider, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void what_an_adapter_must_not_do_is_an_error_of_the_gateways_and_costs_nothing(
            String name, Provider provider, Consumer<Gateway> call) {
        try (Gateway gateway = gateway(provider, Duration.ofMinutes(1))) {
            GatewayException told = catchThrowableOfType(GatewayException.class, () -> call.accept(gateway));
            assertThat(told.error()).isEqualTo(new GatewayError.Internal());
            assertThat(ledger.available("acme")).as("at once").isEqualTo(Credits.of(1_000));
            assertThat(gateway.inFlight()).isZero();
            assertThat(gateway.unsettled()).isZero();
        }
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().error()).isEqualTo(new GatewayError.Internal());
        assertThat(ledger.audit()).isEmpty();
    }

    @Test
    void a_call_that_is_cancelled_may_end_with_any_exception() {
        Chat slow = (call, request, sink) -> {
            CountDownLatch cancelled = new CountDownLatch(1);
            call.onCancel(cancelled::countDown);
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return thrown(new IOException("closed"));
        };
        try (Gateway gateway = gateway(slow, Duration.ofMillis(10))) {
            GatewayException told = catchThrowableOfType(GatewayException.class, () -> chat(gateway));
            assertThat(told.error()).isEqualTo(new GatewayError.UpstreamTimeout("foreign"));
            assertThat(ledger.available("acme")).isEqualTo(Credits.of(1_000));
        }
    }
}
