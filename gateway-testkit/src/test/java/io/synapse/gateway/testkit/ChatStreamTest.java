package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.ChatStream;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.GatewayListener;
import io.synapse.gateway.Receipt;
import io.synapse.gateway.RetryPolicy;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream that is read: whatever its reader does, the call is settled once and nothing is left behind. */
@Timeout(60)
class ChatStreamTest {
    /** More than may wait for a reader. */
    private static final int LONG = 1_000;

    private static final Usage USED = Usage.of(Unit.INPUT_TOKENS, 7, Unit.OUTPUT_TOKENS, 3);

    private final ScriptedProvider upstream = new ScriptedProvider("upstream");
    private final CreditLedger books = CreditLedger.inMemory(Map.of("acme", Credits.of(100_000)));
    private final BlockingQueue<GatewayListener.Call> calls = new LinkedBlockingQueue<>();
    private Gateway gateway = build(Duration.ofSeconds(30), Duration.ofSeconds(10));
    private Credits charged = Credits.ZERO;

    private Gateway build(Duration timeout, Duration patience) {
        return Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
                .catalog(ModelCatalog.of(Model.builder("one", Modality.TEXT_GENERATION)
                        .route(new Route("upstream", "up"))
                        .prices(PriceList.perMillionTokens(Credits.of(1_000_000), Credits.of(1_000_000)))
                        .build()))
                .ledger(books)
                .provider(upstream)
                .upstreamTimeout(timeout)
                .shutdownPatience(patience)
                .retries(RetryPolicy.NONE)
                .listener(calls::add)
                .build();
    }

    @AfterEach
    void every_call_was_settled_once() {
        gateway.close();
        assertThat(gateway.inFlight()).isZero();
        assertThat(books.audit()).isEmpty();
        assertThat(books.available("acme").plus(charged)).isEqualTo(Credits.of(100_000));
        assertThat(calls).as("calls that nobody expected").isEmpty();
    }

    private ChatStream hello() {
        return gateway.stream("key", ChatRequest.of("one", "Hello"));
    }

    /** The call that is over. */
    private GatewayListener.Call over() throws InterruptedException {
        GatewayListener.Call call = calls.poll(30, TimeUnit.SECONDS);
        assertThat(call).as("the call is over").isNotNull();
        charged = charged.plus(call.charged());
        return call;
    }

    private static String[] pieces(int count) {
        String[] pieces = new String[count];
        Arrays.fill(pieces, "word ");
        return pieces;
    }

    @Test
    void it_is_read_chunk_by_chunk_and_has_its_receipt_at_the_end() throws Exception {
        upstream.says(USED, "Hel", "lo");
        StringBuilder said = new StringBuilder();
        try (ChatStream answer = hello()) {
            assertThatThrownBy(answer::receipt).isInstanceOf(IllegalStateException.class);
            answer.forEachRemaining(chunk -> said.append(chunk.text()));
            assertThat(answer.hasNext()).isFalse();
            assertThatThrownBy(answer::next).isInstanceOf(NoSuchElementException.class);
            Receipt receipt = answer.receipt().orElseThrow();
            assertThat(receipt.charged()).isEqualTo(Credits.of(10));
            assertThat(receipt.source()).isEqualTo(UsageSource.PROVIDER);
            GatewayListener.Call call = over();
            assertThat(call.requestId()).isEqualTo(answer.requestId());
            assertThat(call.charge()).isEqualTo(receipt.charge());
            assertThat(call.error()).isNull();
        }
        assertThat(said).hasToString("Hello");
    }

    @Test
    void it_is_a_stream_of_java_too() throws Exception {
        upstream.says(USED, pieces(LONG));
        try (Stream<ChatChunk> chunks = hello().chunks()) {
            assertThat(chunks.map(ChatChunk::text).collect(Collectors.joining()))
                    .isEqualTo("word ".repeat(LONG));
        }
        assertThat(over().charged()).isEqualTo(Credits.of(10));
    }

    @Test
    void a_refusal_comes_before_there_is_a_stream() throws Exception {
        GatewayException e = catchThrowableOfType(
                GatewayException.class, () -> gateway.stream("key", ChatRequest.of("two", "Hello")));
        assertThat(e.error()).isEqualTo(new GatewayError.ModelNotFound("two"));
        assertThat(over().charge()).isNull();
        assertThatThrownBy(() -> gateway.stream("nobody", ChatRequest.of("one", "Hello")))
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(new GatewayError.Unauthorized()));
        assertThat(upstream.calls()).isZero();
    }

    @Test
    void who_closes_it_early_hangs_up_and_pays_for_what_was_made() throws Exception {
        upstream.stalls("one two three");
        ChatStream answer = hello();
        assertThat(answer.next().text()).isEmpty();
        assertThat(answer.next().text()).isEqualTo("one two three");
        answer.close();
        answer.close();
        upstream.awaitHangUps(1);
        assertThat(answer.hasNext()).isFalse();
        GatewayListener.Call call = over();
        assertThat(call.error()).isInstanceOf(GatewayError.CallerGone.class);
        assertThat(call.charged()).isGreaterThan(Credits.ZERO);
        assertThat(answer.receipt().orElseThrow().charged()).isEqualTo(call.charged());
    }

    @Test
    void a_slow_reader_holds_the_upstream_up_and_lets_it_go_by_closing() throws Exception {
        upstream.says(USED, pieces(LONG));
        ChatStream answer = hello();
        answer.next();
        answer.close();
        GatewayListener.Call call = over();
        upstream.awaitHangUps(1);
        assertThat(call.usage().quantity(Unit.OUTPUT_TOKENS))
                .as("what was read ahead is bounded")
                .isLessThan(LONG);
        assertThat(answer.receipt().orElseThrow().source()).isEqualTo(UsageSource.MEASURED);
    }

    @Test
    void one_that_is_forgotten_ends_with_the_upstream_timeout() throws Exception {
        gateway.close();
        gateway = build(Duration.ofMillis(300), Duration.ofSeconds(10));
        upstream.says(USED, pieces(LONG));
        ChatStream forgotten = hello();
        GatewayListener.Call call = over();
        assertThat(call.error()).isEqualTo(new GatewayError.UpstreamTimeout("upstream"));
        assertThat(call.charged()).isGreaterThan(Credits.ZERO);
        assertThatThrownBy(() -> forgotten.forEachRemaining(chunk -> {}))
                .as("whoever remembers it gets what there is, and the reason")
                .isInstanceOf(GatewayException.class);
        assertThat(forgotten.receipt().orElseThrow().charged()).isEqualTo(call.charged());
    }

    @Test
    void one_that_is_short_is_settled_although_nobody_reads_it() throws Exception {
        upstream.says(USED, "Hello");
        ChatStream unread = hello();
        assertThat(over().charged()).isEqualTo(Credits.of(10));
        unread.close();
        assertThat(unread.receipt().orElseThrow().charged()).isEqualTo(Credits.of(10));
    }

    @Test
    void an_answer_that_breaks_off_is_told_after_what_came_of_it() throws Exception {
        upstream.failsMidway("half");
        ChatStream answer = hello();
        StringBuilder said = new StringBuilder();
        GatewayException e = catchThrowableOfType(
                GatewayException.class, () -> answer.forEachRemaining(chunk -> said.append(chunk.text())));
        assertThat(e.error()).isEqualTo(new GatewayError.UpstreamFailed("upstream", Kind.FAILED, null));
        assertThat(said).hasToString("half");
        assertThat(answer.receipt().orElseThrow().charged()).isEqualTo(over().charged());
        answer.close();
    }

    @Test
    void an_answer_that_never_began_costs_nothing() throws Exception {
        upstream.fails(Kind.OVERLOADED, null, null);
        ChatStream answer = hello();
        assertThatThrownBy(answer::hasNext).isInstanceOf(GatewayException.class);
        assertThat(answer.receipt()).isEmpty();
        assertThat(over().charged()).isEqualTo(Credits.ZERO);
    }

    @Test
    void a_reader_who_is_interrupted_hangs_up() throws Exception {
        upstream.stalls("one");
        ChatStream answer = hello();
        answer.next();
        answer.next();
        Thread.currentThread().interrupt();
        assertThatThrownBy(answer::hasNext).isInstanceOf(GatewayException.class);
        assertThat(Thread.interrupted()).isTrue();
        upstream.awaitHangUps(1);
        assertThat(over().error()).isInstanceOf(GatewayError.CallerGone.class);
    }

    @Test
    void a_gateway_that_closes_ends_it() throws Exception {
        gateway.close();
        gateway = build(Duration.ofSeconds(30), Duration.ZERO);
        upstream.says(USED, pieces(LONG));
        ChatStream answer = hello();
        assertThat(answer.next().text()).isEmpty();
        assertThat(answer.next().text())
                .as("something was made: until then, it costs nothing")
                .isEqualTo("word ");
        gateway.close();
        assertThat(over().charged()).isGreaterThan(Credits.ZERO);
        GatewayException e = catchThrowableOfType(GatewayException.class, () -> answer.forEachRemaining(chunk -> {}));
        assertThat(e.error()).isInstanceOf(GatewayError.Overloaded.class);
    }

    @Test
    void many_readers_of_every_kind_leave_nothing_behind() throws Exception {
        upstream.says(USED, pieces(LONG));
        List<Thread> readers = Stream.iterate(0, i -> i + 1)
                .limit(30)
                .map(i -> Thread.startVirtualThread(() -> {
                    try (ChatStream answer = hello()) {
                        for (int n = 0; n < (i % 3) * LONG && answer.hasNext(); n++) {
                            answer.next();
                        }
                    }
                }))
                .toList();
        for (Thread reader : readers) {
            reader.join();
        }
        for (int i = 0; i < 30; i++) {
            over();
        }
    }
}
