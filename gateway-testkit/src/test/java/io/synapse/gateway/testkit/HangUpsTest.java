package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayListener;
import io.synapse.gateway.RetryPolicy;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatChunk;
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
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.testkit.fake.ChatUpstream.Tokens;
import io.synapse.gateway.testkit.fake.RecordingSink;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Callers who go away in the middle of a streamed answer: what becomes of the upstream, and what they pay. A token costs a
 * credit, and so does a character that is spoken.
 */
class HangUpsTest {
    private static final int MOST_READ_ON = 64;
    private static final PriceList CREDIT_A_TOKEN =
            PriceList.perMillionTokens(Credits.of(1_000_000), Credits.of(1_000_000));
    private static final ChatRequest REQUEST =
            ChatRequest.builder().model("one").user("Hello").maxTokens(50).build();

    private final CreditLedger books = CreditLedger.inMemory(Map.of("acme", Credits.of(100_000)));
    private final List<GatewayListener.Call> calls = new CopyOnWriteArrayList<>();
    private final ScriptedProvider first = new ScriptedProvider("first");
    private final ScriptedProvider second = new ScriptedProvider("second");
    private @Nullable Gateway gateway;

    private Gateway gateway(ChatProvider one, Duration timeout) {
        Gateway built = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
                .catalog(ModelCatalog.of(
                        Model.builder("one", Modality.TEXT_GENERATION)
                                .routes(List.of(new Route("first", "one"), new Route("second", "one")))
                                .prices(CREDIT_A_TOKEN)
                                .build(),
                        Model.builder("voice", Modality.TEXT_TO_SPEECH)
                                .route(new Route("voice", "voice"))
                                .prices(new PriceList(
                                        Map.of(Unit.CHARACTERS, PriceList.rate(Unit.CHARACTERS, Credits.of(1))), "1"))
                                .build()))
                .ledger(books)
                .provider(one)
                .provider(second)
                .provider(new Voice())
                .requestsPerMinute(10_000)
                .retries(RetryPolicy.NONE)
                .upstreamTimeout(timeout)
                .listener(calls::add)
                .build();
        gateway = built;
        return built;
    }

    private Gateway gateway(ChatProvider one) {
        return gateway(one, Duration.ofSeconds(30));
    }

    @AfterEach
    void the_books_are_right() {
        if (gateway != null) {
            gateway.close();
        }
        assertThat(books.audit()).isEmpty();
    }

    private static RecordingSink leavingAfter(int chunks) {
        return RecordingSink.refusingAfter(chunks, new IllegalStateException("gone"));
    }

    private GatewayListener.Call leftBy(Gateway by, RecordingSink sink) {
        assertThatThrownBy(() -> by.chat("key", REQUEST, sink)).hasMessage("gone");
        return calls.getLast();
    }

    private Credits paid() {
        return Credits.of(100_000).minus(books.available("acme"));
    }

    @Test
    void an_upstream_that_stops_its_bill_is_cancelled_and_what_it_made_is_paid() {
        first.says(new Tokens(1, 40), "one", "two", "three");
        GatewayListener.Call call = leftBy(gateway(first), leavingAfter(2));
        first.awaitHangUps(1);
        assertThat(call.error()).isInstanceOf(GatewayError.CallerGone.class);
        assertThat(call.charged()).isBetween(Credits.of(1), Credits.of(30));
        assertThat(paid()).isEqualTo(call.charged());
    }

    @Test
    void an_upstream_that_bills_on_is_read_to_its_end_and_all_of_it_is_paid() {
        first.billingAfterCancel().says(new Tokens(3, 40), "one", "two", "three");
        RecordingSink sink = leavingAfter(2);
        GatewayListener.Call call = leftBy(gateway(first), sink);
        assertThat(call.error()).isInstanceOf(GatewayError.CallerGone.class);
        assertThat(call.charged()).isEqualTo(Credits.of(43));
        assertThat(paid()).isEqualTo(Credits.of(43));
        assertThat(sink.chunks()).as("nobody is bothered again").hasSize(2);
    }

    @Test
    void whoever_leaves_with_the_last_chunk_pays_for_a_whole_answer_wherever_it_comes_from() {
        first.says(new Tokens(3, 40));
        assertThat(leftBy(gateway(first), leavingAfter(1)).charged()).isEqualTo(Credits.of(43));
    }

    @Test
    void an_explicit_zero_that_is_read_after_the_caller_left_costs_nothing() {
        first.billingAfterCancel().says(new Tokens(0, 0), "one", "two");
        assertThat(leftBy(gateway(first), leavingAfter(2)).charged()).isEqualTo(Credits.ZERO);
    }

    @Test
    void an_answer_read_to_its_end_without_a_usage_is_counted() {
        first.billingAfterCancel().says((Tokens) null, "one", "two", "three");
        GatewayListener.Call whole = leftBy(gateway(first), leavingAfter(2));
        assertThat(whole.charged()).isBetween(Credits.of(4), Credits.of(40));
    }

    @Test
    void an_upstream_that_breaks_an_answer_nobody_waits_for_is_paid_what_it_made_and_no_other_is_asked() {
        first.billingAfterCancel().failsMidway("one", "two");
        RecordingSink sink = leavingAfter(1);
        assertThatThrownBy(() -> gateway(first).chat("key", REQUEST, sink)).isNotNull();
        assertThat(paid()).isBetween(Credits.of(1), Credits.of(30));
        assertThat(second.calls()).isZero();
    }

    @Test
    void whoever_hangs_up_between_chunks_of_an_upstream_that_bills_on_pays_for_all() throws Exception {
        Talker talker = new Talker("more");
        Gateway on = gateway(talker);
        RecordingSink sink = new RecordingSink();
        CompletableFuture<?> call = CompletableFuture.runAsync(() -> on.chat("key", REQUEST, sink));
        sink.awaitChunks(2);
        sink.hangUp();
        talker.goOn.countDown();
        call.get(20, TimeUnit.SECONDS);
        assertThat(talker.cancelled).hasValue(0);
        assertThat(paid()).isEqualTo(Credits.of(42));
    }

    @Test
    void an_upstream_that_writes_beyond_the_hold_is_cancelled_and_the_hold_is_the_price() {
        Talker talker = new Talker("word ".repeat(1000), "word ".repeat(1000));
        talker.goOn.countDown();
        GatewayListener.Call call = leftBy(gateway(talker), leavingAfter(1));
        assertThat(talker.said).as("pieces beyond the hold").hasValueLessThan(3);
        assertThat(call.charged()).isBetween(Credits.of(50), Credits.of(70));
    }

    @Test
    void an_answer_that_nobody_waits_for_ends_with_its_time() {
        Talker silent = new Talker();
        Gateway hasty = gateway(silent, Duration.ofMillis(300));
        RecordingSink sink = leavingAfter(1);
        assertThatThrownBy(() -> hasty.chat("key", REQUEST, sink)).isNotNull();
        assertThat(silent.cancelled).hasValue(1);
        assertThat(paid()).isBetween(Credits.of(1), Credits.of(30));
    }

    @Test
    void of_65_answers_that_nobody_waits_for_64_are_read_to_their_end() throws Exception {
        Talker talker = new Talker("more");
        Gateway busy = gateway(talker);
        List<RecordingSink> sinks = new ArrayList<>();
        List<CompletableFuture<?>> running = new ArrayList<>();
        for (int i = 0; i < MOST_READ_ON + 1; i++) {
            RecordingSink sink = new RecordingSink();
            sinks.add(sink);
            running.add(CompletableFuture.runAsync(() -> busy.chat("key", REQUEST, sink), Thread::startVirtualThread));
        }
        for (RecordingSink sink : sinks) {
            sink.awaitChunks(2);
            sink.hangUp();
        }
        CompletableFuture.anyOf(running.toArray(CompletableFuture[]::new))
                .handle((nothing, failure) -> failure)
                .get(20, TimeUnit.SECONDS);
        assertThat(talker.cancelled).hasValue(1);
        talker.goOn.countDown();
        for (CompletableFuture<?> call : running) {
            call.handle((nothing, failure) -> failure).get(20, TimeUnit.SECONDS);
        }
        Credits read = Credits.of(42L * MOST_READ_ON);
        assertThat(paid()).isBetween(read.plus(Credits.of(1)), read.plus(Credits.of(30)));
        RecordingSink later = new RecordingSink();
        CompletableFuture<?> free = CompletableFuture.runAsync(() -> busy.chat("key", REQUEST, later));
        later.awaitChunks(2);
        later.hangUp();
        free.get(20, TimeUnit.SECONDS);
        assertThat(talker.cancelled).as("there is room again").hasValue(1);
    }

    @Test
    void who_hangs_up_on_a_voice_pays_for_the_whole_text() {
        Gateway speaking = gateway(first);
        SpeechRequest request = SpeechRequest.of(Map.of("model", "voice", "input", "Hello there", "voice", "alloy"));
        SpeechSink leaving = new SpeechSink() {
            @Override
            public void begins(String type) {
                // The first bytes are one too many.
            }

            @Override
            public void bytes(byte[] buffer, int offset, int length) {
                throw new IllegalStateException("gone");
            }
        };
        assertThatThrownBy(() -> speaking.speak(speaking.admit("r", "key"), request, leaving))
                .hasMessage("gone");
        assertThat(paid()).isEqualTo(Credits.of("Hello there".length()));
    }

    /** Speaks in two pieces. */
    private static final class Voice implements SpeechProvider {
        @Override
        public String id() {
            return "voice";
        }

        @Override
        public @Nullable Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) {
            sink.begins("audio/mpeg");
            sink.bytes(new byte[100], 0, 100);
            sink.bytes(new byte[100], 0, 100);
            return null;
        }
    }

    /** Bills on: says a word, waits until it may go on, says the rest and what it cost. Only cancelling ends it sooner. */
    private static final class Talker implements ChatProvider {
        final CountDownLatch goOn = new CountDownLatch(1);
        final AtomicInteger cancelled = new AtomicInteger();
        final AtomicInteger said = new AtomicInteger();
        private final String[] rest;

        Talker(String... rest) {
            this.rest = rest;
        }

        @Override
        public String id() {
            return "first";
        }

        @Override
        public boolean billsAfterCancel() {
            return true;
        }

        @Override
        public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
            CountDownLatch either = new CountDownLatch(1);
            call.onCancel(() -> {
                cancelled.incrementAndGet();
                either.countDown();
            });
            Thread.startVirtualThread(() -> {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                either.countDown();
            });
            sink.chunk(ChatChunk.begins(0));
            sink.chunk(ChatChunk.text(0, "word"));
            try {
                either.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (call.stopped() != null || (rest.length == 0)) {
                throw new UpstreamException(UpstreamException.Kind.UNREACHABLE, "cancelled", null);
            }
            for (String piece : rest) {
                said.incrementAndGet();
                sink.chunk(ChatChunk.text(0, piece));
            }
            sink.chunk(ChatChunk.ends(0, "stop"));
            return ChatUsage.of(Usage.of(Unit.INPUT_TOKENS, 2, Unit.OUTPUT_TOKENS, 40));
        }
    }
}
