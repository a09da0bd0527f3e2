package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.GatewayListener;
import io.synapse.gateway.RetryPolicy;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatEnd;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ChatUpstream;
import io.synapse.gateway.testkit.fake.RecordingSink;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole road in memory: what callers get, what they pay, and that every way out resolves its hold. */
class EngineTest {
    private static final PriceList CREDIT_A_TOKEN =
            PriceList.perMillionTokens(Credits.of(1_000_000), Credits.of(1_000_000));

    private final ScriptedProvider first = new ScriptedProvider("first");
    private final ScriptedProvider second = new ScriptedProvider("second");
    private final ScriptedProvider sandbox = new ScriptedProvider("sandbox");
    private final CreditLedger books =
            CreditLedger.inMemory(Map.of("acme", Credits.of(1000), "acme-test", Credits.of(1000)));
    private final List<GatewayListener.Call> calls = new CopyOnWriteArrayList<>();
    private CreditLedger ledger = books;
    private Gateway gateway = build(Duration.ofSeconds(20));

    private Gateway build(Duration timeout) {
        Caller caller = Caller.of("acme");
        Caller tester = new Caller("acme", "acme", true, "k-test", "acme-test", true, 0, null);
        return Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("live", caller, "test", tester)))
                .catalog(ModelCatalog.of(
                        model("one", new Route("first", "up-1")),
                        model("two", new Route("first", "up-1"), new Route("second", "up-2")),
                        model("absent", new Route("nobody", "x")),
                        model("sandbox/own", new Route("sandbox", "own")),
                        Model.builder("flat", Modality.TEXT_GENERATION)
                                .route(new Route("first", "flat"))
                                .prices(PriceList.perRequest(Credits.of(40)))
                                .build(),
                        Model.builder("unpriced", Modality.TEXT_GENERATION)
                                .route(new Route("first", "odd"))
                                .prices(CREDIT_A_TOKEN)
                                .build()))
                .ledger(ledger)
                .provider(first)
                .provider(second)
                .absentProviders(List.of("nobody"))
                .sandbox(sandbox)
                .requestsPerMinute(1000)
                .upstreamTimeout(timeout)
                .retries(RetryPolicy.NONE)
                .listener(calls::add)
                .shutdownPatience(Duration.ofSeconds(10))
                .build();
    }

    private static Model model(String id, Route... routes) {
        return Model.builder(id, Modality.TEXT_GENERATION)
                .routes(List.of(routes))
                .prices(CREDIT_A_TOKEN)
                .reservedOutputTokens(100)
                .build();
    }

    @AfterEach
    void every_hold_is_resolved_and_the_books_are_right() {
        gateway.close();
        assertThat(gateway.inFlight()).isZero();
        assertThat(books.audit()).isEmpty();
        Credits held = Credits.of(2000)
                .minus(books.available("acme"))
                .minus(books.available("acme-test"))
                .minus(calls.stream().map(GatewayListener.Call::charged).reduce(Credits.ZERO, Credits::plus));
        assertThat(held).as("what is neither available nor charged").isEqualTo(Credits.ZERO);
    }

    private static ChatRequest hello(String model) {
        return ChatRequest.builder().model(model).user("Hello").maxTokens(50).build();
    }

    private static Usage used(long in, long out) {
        return Usage.of(Unit.INPUT_TOKENS, in, Unit.OUTPUT_TOKENS, out);
    }

    private GatewayError refused(String key, ChatRequest request) {
        GatewayException e = catchThrowableOfType(GatewayException.class, () -> gateway.chat(key, request));
        assertThat(e).isNotNull();
        return e.error();
    }

    @Test
    void the_reported_usage_is_charged() {
        first.says(used(7, 3), "Hi");
        Answered<ChatAnswer> answered = gateway.chat("live", hello("one"));
        assertThat(answered.answer().text()).isEqualTo("Hi");
        assertThat(answered.receipt().charged()).isEqualTo(Credits.of(10));
        assertThat(answered.receipt().source()).isEqualTo(UsageSource.PROVIDER);
        assertThat(books.available("acme")).isEqualTo(Credits.of(990));
        assertThat(first.asked().getFirst().call().model()).isEqualTo("up-1");
        assertThat(first.lastBound()).hasValue(50);
        assertThat(calls).singleElement().satisfies(call -> {
            assertThat(call.model()).isEqualTo("one");
            assertThat(call.provider()).isEqualTo("first");
            assertThat(call.error()).isNull();
            assertThat(call.total()).isGreaterThanOrEqualTo(call.upstream());
        });
    }

    @Test
    void without_a_report_the_gateway_measures() {
        first.says(Usage.NONE, "nothing at all").says((ChatUpstream.Tokens) null, "one two three");
        assertThat(gateway.chat("live", hello("one")).receipt().charged())
                .as("an explicit nothing is nothing")
                .isEqualTo(Credits.ZERO);
        Answered<ChatAnswer> measured = gateway.chat("live", hello("one"));
        assertThat(measured.receipt().source()).isEqualTo(UsageSource.MEASURED);
        assertThat(measured.receipt().usage().quantity(Unit.OUTPUT_TOKENS)).isBetween(3L, 5L);
    }

    @Test
    void an_incredible_report_is_not_believed_and_one_above_the_hold_is() {
        first.says(used(900_000_000, 900_000_000), "Hi").says(used(40, 60), "Hi");
        Answered<ChatAnswer> lie = gateway.chat("live", hello("one"));
        assertThat(lie.receipt().source()).isEqualTo(UsageSource.MEASURED);
        assertThat(lie.receipt().charged()).isLessThan(Credits.of(60));
        assertThat(gateway.chat("live", hello("one")).receipt().charged()).isEqualTo(Credits.of(100));
    }

    @Test
    void the_next_route_serves_when_the_first_cannot() {
        first.fails(Kind.OVERLOADED, null, null);
        second.says(used(1, 1), "from the second");
        Answered<ChatAnswer> answered = gateway.chat("live", hello("two"));
        assertThat(answered.answer().text()).isEqualTo("from the second");
        assertThat(answered.receipt().provider()).isEqualTo("second");
        assertThat(answered.receipt().charged()).isEqualTo(Credits.of(2));
    }

    @Test
    void the_next_route_serves_a_stream_that_has_said_nothing_yet() {
        first.cutsOff();
        second.says(used(1, 1), "from", " the second");
        RecordingSink sink = new RecordingSink();
        gateway.chat("live", hello("two"), sink);
        assertThat(sink.text(0)).isEqualTo("from the second");
        ChatGrammar.check(sink.chunks());
    }

    @Test
    void a_stream_that_has_begun_stays_with_its_route() {
        first.cutsOff("half");
        second.says(used(1, 1), "never");
        RecordingSink sink = new RecordingSink();
        GatewayException e =
                catchThrowableOfType(GatewayException.class, () -> gateway.chat("live", hello("two"), sink));
        assertThat(e.error()).isInstanceOf(GatewayError.UpstreamFailed.class);
        assertThat(second.calls()).isZero();
        assertThat(sink.text(0)).isEqualTo("half");
        assertThat(calls.getLast().charged())
                .as("what was delivered is charged")
                .isGreaterThan(Credits.ZERO);
    }

    @Test
    void what_the_caller_did_wrong_no_other_route_mends() {
        first.fails(Kind.REJECTED, null, "messages[0]");
        second.says(used(1, 1), "never");
        assertThat(refused("live", hello("two")))
                .isInstanceOfSatisfying(
                        GatewayError.InvalidRequest.class,
                        e -> assertThat(e.param()).isEqualTo("messages[0]"));
        assertThat(second.calls()).isZero();
        assertThat(books.available("acme")).isEqualTo(Credits.of(1000));
    }

    @Test
    void every_kind_of_failure_is_told_and_costs_nothing() {
        for (Kind kind : Kind.values()) {
            first.fails(kind, Duration.ofSeconds(3), null);
            GatewayError error = refused("live", hello("one"));
            switch (kind) {
                case REJECTED, UNSUPPORTED -> assertThat(error).isInstanceOf(GatewayError.InvalidRequest.class);
                case TIMED_OUT -> assertThat(error).isInstanceOf(GatewayError.UpstreamTimeout.class);
                default ->
                    assertThat(error).isEqualTo(new GatewayError.UpstreamFailed("first", kind, Duration.ofSeconds(3)));
            }
            assertThat(books.available("acme")).isEqualTo(Credits.of(1000));
        }
    }

    @Test
    void a_receiver_who_refuses_pays_for_what_was_made() {
        first.says(used(1, 1000), "one", "two", "three");
        RecordingSink sink = RecordingSink.refusingAfter(2, new IllegalStateException("gone"));
        assertThatThrownBy(() -> gateway.chat("live", hello("one"), sink)).hasMessage("gone");
        assertThat(calls.getLast().error()).isInstanceOf(GatewayError.CallerGone.class);
        assertThat(calls.getLast().charged()).isBetween(Credits.of(1), Credits.of(60));
    }

    @Test
    void a_receiver_who_hangs_up_between_chunks_stops_the_upstream() throws Exception {
        first.stalls("one");
        RecordingSink sink = new RecordingSink();
        CompletableFuture<Answered<ChatEnd>> call =
                CompletableFuture.supplyAsync(() -> gateway.chat("live", hello("one"), sink));
        sink.awaitChunks(2);
        sink.hangUp();
        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(GatewayException.class);
        first.awaitHangUps(1);
        assertThat(calls.getLast().error()).isInstanceOf(GatewayError.CallerGone.class);
        assertThat(calls.getLast().charged()).isGreaterThan(Credits.ZERO);
    }

    @Test
    void an_upstream_that_takes_too_long_is_stopped() {
        gateway.close();
        gateway = build(Duration.ofMillis(200));
        first.stalls();
        assertThat(refused("live", hello("one"))).isEqualTo(new GatewayError.UpstreamTimeout("first"));
        first.awaitHangUps(1);
        assertThat(books.available("acme")).isEqualTo(Credits.of(1000));
    }

    @Test
    void a_small_balance_shrinks_the_answer() {
        first.says(used(1, 1), "Hi");
        ChatRequest greedy = ChatRequest.builder()
                .model("one")
                .user("Hello")
                .maxTokens(30_000)
                .build();
        gateway.chat("live", greedy);
        assertThat(first.lastBound().orElseThrow()).isBetween(900L, 999L);
    }

    @Test
    void a_request_that_cannot_be_paid_is_never_sent() {
        for (int i = 0; i < 25; i++) {
            first.says(used(0, 0), "Hi");
            gateway.chat("live", hello("flat"));
        }
        assertThat(books.available("acme")).isEqualTo(Credits.ZERO);
        assertThat(refused("live", hello("flat")))
                .isEqualTo(new GatewayError.InsufficientCredits(Credits.of(40), Credits.ZERO));
        assertThat(first.calls()).isEqualTo(25);
    }

    @Test
    void of_64_callers_with_credits_for_25_exactly_25_are_served() throws Exception {
        first.says(used(0, 0), "Hi");
        AtomicInteger served = new AtomicInteger();
        AtomicInteger broke = new AtomicInteger();
        List<Callable<Void>> callers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            callers.add(() -> {
                try {
                    gateway.chat("live", hello("flat"));
                    served.incrementAndGet();
                } catch (GatewayException e) {
                    assertThat(e.error()).isInstanceOf(GatewayError.InsufficientCredits.class);
                    broke.incrementAndGet();
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> caller : threads.invokeAll(callers)) {
                caller.get();
            }
        }
        assertThat(served).hasValue(25);
        assertThat(broke).hasValue(39);
    }

    @Test
    void test_keys_reach_the_sandbox_and_live_keys_do_not_rehearse_faults() {
        sandbox.says(used(1, 1), "from the sandbox");
        assertThat(gateway.chat("test", hello("absent")).answer().text()).isEqualTo("from the sandbox");
        assertThat(sandbox.asked().getLast().call().model()).isEqualTo("absent");
        assertThat(books.available("acme")).isEqualTo(Credits.of(1000));
        assertThat(refused("live", hello("absent")))
                .isEqualTo(new GatewayError.ProviderNotConfigured("absent", "nobody"));
        assertThat(refused("live", hello("one:error-500"))).isEqualTo(new GatewayError.ModelNotFound("one:error-500"));
    }

    @Test
    void a_usage_without_a_price_is_an_error_and_not_free_of_consequences() {
        first.says(Usage.of(Unit.IMAGES, 3), "Hi");
        assertThat(refused("live", hello("unpriced"))).isInstanceOf(GatewayError.Internal.class);
        assertThat(books.available("acme")).isEqualTo(Credits.of(1000));
    }

    @Test
    void without_the_ledger_nobody_is_served() {
        gateway.close();
        ledger = new BrokenLedger(books, true);
        gateway = build(Duration.ofSeconds(5));
        assertThat(refused("live", hello("one"))).isInstanceOf(GatewayError.Overloaded.class);
        assertThat(first.calls()).isZero();
    }

    @Test
    void a_settle_that_the_ledger_cannot_take_is_sent_again() {
        gateway.close();
        BrokenLedger flaky = new BrokenLedger(books, false);
        ledger = flaky;
        gateway = build(Duration.ofSeconds(5));
        first.says(used(7, 3), "Hi");
        flaky.failSettles(2);
        Answered<ChatAnswer> answered = gateway.chat("live", hello("one"));
        assertThat(answered.receipt().charged()).isEqualTo(Credits.of(10));
        flaky.awaitSettles(3);
        assertThat(books.available("acme")).isEqualTo(Credits.of(990));
    }

    @Test
    void a_gateway_that_drains_lets_calls_finish_and_refuses_new_ones() throws Exception {
        first.stalls("begun");
        RecordingSink sink = new RecordingSink();
        CompletableFuture<Answered<ChatEnd>> call =
                CompletableFuture.supplyAsync(() -> gateway.chat("live", hello("one"), sink));
        sink.awaitChunks(2);
        gateway.drain();
        assertThat(refused("live", hello("one"))).isInstanceOf(GatewayError.Overloaded.class);
        assertThat(call).isNotDone();
        sink.hangUp();
        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void a_gateway_that_lacks_a_port_says_which() {
        assertThatThrownBy(() -> Gateway.builder().build()).hasMessageContaining("authenticator");
        assertThatThrownBy(() -> Gateway.builder().provider(first).provider(new ScriptedProvider("first")))
                .hasMessageContaining("first");
    }

    /** A ledger whose store is away now and then. */
    private static final class BrokenLedger extends ForwardingLedger {
        private final boolean holdsFail;
        private final AtomicInteger settlesToFail = new AtomicInteger();
        private final Semaphore settles = new Semaphore(0);

        BrokenLedger(CreditLedger books, boolean holdsFail) {
            super(books);
            this.holdsFail = holdsFail;
        }

        void failSettles(int count) {
            settlesToFail.set(count);
        }

        void awaitSettles(int count) {
            try {
                assertThat(settles.tryAcquire(count, 20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public HoldResult hold(HoldRequest request) {
            if (holdsFail) {
                throw new StoreUnavailableException("away", null);
            }
            return ledger.hold(request);
        }

        @Override
        public Settled settle(Settlement settlement) {
            if (settlesToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                settles.release();
                throw new StoreUnavailableException("away", null);
            }
            Settled settled = ledger.settle(settlement);
            settles.release();
            return settled;
        }
    }
}
