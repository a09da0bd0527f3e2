package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.RetryPolicy;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.RecordingSink;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several routes to a model, and upstreams that ask to come back later. */
@Timeout(60)
class RoutesTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Usage ONE_EACH = Usage.of(Unit.INPUT_TOKENS, 1, Unit.OUTPUT_TOKENS, 1);

    private final ScriptedProvider first = new ScriptedProvider("first");
    private final ScriptedProvider second = new ScriptedProvider("second");
    private final CreditLedger books = CreditLedger.inMemory(Map.of("acme", Credits.of(1000)));
    private Gateway gateway = build(new RetryPolicy(2, SOON, Duration.ofSeconds(5)), Duration.ofSeconds(20));

    private Gateway build(RetryPolicy retries, Duration timeout) {
        return Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
                .catalog(ModelCatalog.of(
                        model("one", new Route("first", "a")),
                        model("two", new Route("first", "b"), new Route("second", "b"))))
                .ledger(books)
                .provider(first)
                .provider(second)
                .requestsPerMinute(1000)
                .concurrentRequests(2)
                .upstreamTimeout(timeout)
                .retries(retries)
                .build();
    }

    private static Model model(String id, Route... routes) {
        return Model.builder(id, Modality.TEXT_GENERATION)
                .routes(List.of(routes))
                .prices(PriceList.perMillionTokens(Credits.of(1_000_000), Credits.of(1_000_000)))
                .reservedOutputTokens(100)
                .build();
    }

    @AfterEach
    void nothing_is_held() {
        gateway.close();
        assertThat(books.audit()).isEmpty();
        assertThat(gateway.inFlight()).isZero();
    }

    private Answered<ChatAnswer> ask(String model) {
        return gateway.chat("key", ChatRequest.of(model, "Hello"));
    }

    private GatewayError refused(String model) {
        return catchThrowableOfType(GatewayException.class, () -> ask(model)).error();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"RATE_LIMITED", "OVERLOADED"})
    void an_upstream_that_asks_to_come_back_is_asked_again(Kind kind) {
        first.fails(kind, SOON, null).fails(kind, null, null).says(ONE_EACH, "Hi");
        assertThat(ask("one").receipt().charged()).isEqualTo(Credits.of(2));
        assertThat(first.calls()).isEqualTo(3);
        assertThat(books.available("acme")).as("one charge came of it").isEqualTo(Credits.of(998));
    }

    @Test
    void it_is_asked_only_so_often() {
        for (int i = 0; i < 3; i++) {
            first.fails(Kind.RATE_LIMITED, SOON, null);
        }
        first.says(ONE_EACH, "too late");
        assertThat(refused("one")).isEqualTo(new GatewayError.UpstreamFailed("first", Kind.RATE_LIMITED, SOON));
        assertThat(first.calls()).isEqualTo(3);
        assertThat(books.available("acme")).isEqualTo(Credits.of(1000));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"RATE_LIMITED", "OVERLOADED"},
            mode = EnumSource.Mode.EXCLUDE)
    void what_may_have_been_paid_for_upstream_is_not_sent_twice(Kind kind) {
        first.fails(kind, SOON, null).says(ONE_EACH, "never");
        refused("one");
        assertThat(first.calls()).isEqualTo(1);
    }

    @Test
    void nobody_waits_for_long() {
        Duration long_ = Duration.ofSeconds(6);
        first.fails(Kind.RATE_LIMITED, long_, null);
        assertThat(refused("one")).isEqualTo(new GatewayError.UpstreamFailed("first", Kind.RATE_LIMITED, long_));
        gateway.close();
        gateway = build(RetryPolicy.DEFAULT, Duration.ofSeconds(1));
        first.fails(Kind.RATE_LIMITED, Duration.ofSeconds(2), null);
        assertThat(refused("one"))
                .as("less time is left than that")
                .isEqualTo(new GatewayError.UpstreamFailed("first", Kind.RATE_LIMITED, Duration.ofSeconds(2)));
        assertThat(first.calls()).isEqualTo(2);
    }

    @Test
    void what_one_cannot_do_another_may() {
        first.fails(Kind.UNSUPPORTED, null, "n");
        second.says(ONE_EACH, "Hi");
        assertThat(ask("two").receipt().provider()).isEqualTo("second");
        first.fails(Kind.UNSUPPORTED, null, "n");
        second.fails(Kind.UNSUPPORTED, null, "n");
        assertThat(refused("two")).isInstanceOf(GatewayError.InvalidRequest.class);
        first.fails(Kind.UNAUTHORIZED, null, null);
        second.fails(Kind.UNSUPPORTED, null, "n");
        assertThat(refused("two"))
                .as("the first may serve it once it is well again")
                .isEqualTo(new GatewayError.UpstreamFailed("first", Kind.UNAUTHORIZED, null));
    }

    @Test
    void a_route_that_keeps_failing_is_left_alone() {
        for (int i = 0; i < 3; i++) {
            first.fails(Kind.FAILED, null, null);
            second.says(ONE_EACH, "Hi");
            ask("two");
        }
        assertThat(first.calls()).isEqualTo(3);
        second.says(ONE_EACH, "Hi");
        assertThat(ask("two").receipt().provider()).isEqualTo("second");
        assertThat(first.calls()).as("left alone").isEqualTo(3);
        second.fails(Kind.FAILED, null, null);
        first.says(ONE_EACH, "Hi");
        assertThat(ask("two").receipt().provider()).as("better than nobody").isEqualTo("first");
        first.says(ONE_EACH, "Hi");
        assertThat(ask("two").receipt().provider()).as("well again").isEqualTo("first");
    }

    @Test
    void a_route_whose_key_is_refused_is_left_alone_at_once() {
        first.fails(Kind.UNAUTHORIZED, null, null);
        second.says(ONE_EACH, "Hi").says(ONE_EACH, "Hi");
        ask("two");
        ask("two");
        assertThat(first.calls()).isEqualTo(1);
    }

    @Test
    void a_key_may_have_only_so_many_calls_running() throws Exception {
        first.stalls("one").stalls("two").says(ONE_EACH, "Hi");
        List<RecordingSink> sinks = List.of(new RecordingSink(), new RecordingSink());
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (RecordingSink sink : sinks) {
            running.add(CompletableFuture.runAsync(
                    () -> gateway.chat("key", ChatRequest.of("one", "Hello"), sink), Thread::startVirtualThread));
            sink.awaitChunks(1);
        }
        assertThat(refused("one")).isEqualTo(new GatewayError.TooManyAtOnce(2));
        for (RecordingSink sink : sinks) {
            sink.hangUp();
        }
        for (CompletableFuture<Void> call : running) {
            assertThatThrownBy(call::join).isNotNull();
        }
        assertThat(ask("one").answer().text()).isEqualTo("Hi");
    }

    @Test
    void a_route_to_a_provider_that_does_not_serve_the_modality_stops_the_start() {
        assertThatThrownBy(() -> Gateway.builder()
                        .authenticator(Authenticator.fixed(Map.of()))
                        .ledger(books)
                        .catalog(ModelCatalog.of(Model.builder("sound", Modality.TEXT_TO_SPEECH)
                                .route(new Route("first", "x"))
                                .prices(PriceList.perRequest(Credits.of(1)))
                                .build()))
                        .provider(first)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model sound: the provider 'first' does not serve text-to-speech");
    }

    @Test
    void what_callers_do_wrong_is_no_fault_of_the_route() {
        for (int i = 0; i < 5; i++) {
            first.fails(Kind.REJECTED, null, "messages");
            refused("two");
        }
        first.says(ONE_EACH, "Hi");
        assertThat(ask("two").receipt().provider()).isEqualTo("first");
    }
}
