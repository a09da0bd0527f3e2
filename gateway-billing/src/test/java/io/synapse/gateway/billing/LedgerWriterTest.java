package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.billing.LedgerCommand.Outcome;
import io.synapse.gateway.billing.LedgerWriter.Limits;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.fault.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How batches form, with books that take as long, and fail as often, as a test wants. */
@Timeout(60)
class LedgerWriterTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** More than ever wait here. */
    private static final int CROWD = 10_000;

    private static final Limits LIMITS = new Limits(256, 4_096, NEVER, Duration.ofMillis(20), 1, CROWD);

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final SlowBooks books = new SlowBooks();
    private LedgerWriter writer = new LedgerWriter(books, LIMITS);

    @AfterEach
    void letEverybodyEnd() {
        books.open();
        callers.close();
    }

    @Test
    void a_lone_command_is_a_batch_of_its_own() {
        books.open();

        assertThat(hold(7).amount()).isEqualTo(7);
        assertThat(hold(8).amount()).isEqualTo(8);
        assertThat(writer.figures()).isEqualTo(new LedgerFigures(2, 2, 0, 0, 0, 0));
    }

    @Test
    void who_comes_while_others_are_written_goes_together_and_gets_its_own_answer() throws Exception {
        List<Future<Outcome>> answers = new ArrayList<>();
        answers.add(leader());
        for (int i = 0; i < 63; i++) {
            int micros = i;
            answers.add(queued(() -> hold(micros)));
        }
        books.open();

        for (int i = 0; i < 63; i++) {
            assertThat(answers.get(i + 1).get().amount()).isEqualTo(i);
        }
        assertThat(books.sizes()).containsExactly(1, 63);
        assertThat(writer.figures()).isEqualTo(new LedgerFigures(64, 2, 0, 0, 0, 0));
    }

    @Test
    void what_brings_money_back_goes_first_and_a_batch_has_a_limit() throws Exception {
        writer = new LedgerWriter(books, new Limits(2, 10, NEVER, NEVER, 1, CROWD));
        List<Future<Outcome>> answers = new ArrayList<>(List.of(leader()));
        for (int i = 0; i < 3; i++) {
            answers.add(queued(() -> hold(1)));
        }
        answers.add(queued(this::release));
        answers.add(queued(this::release));
        books.open();

        for (Future<Outcome> answer : answers) {
            answer.get();
        }
        assertThat(books.batches)
                .extracting(batch -> batch.stream().map(LedgerCommand::kind).toList())
                .containsExactly(
                        List.of("hold"), List.of("release", "release"), List.of("hold", "hold"), List.of("hold"));
    }

    @Test
    void a_full_queue_refuses_holds_and_takes_what_closes_them() throws Exception {
        writer = new LedgerWriter(books, new Limits(256, 2, NEVER, NEVER, 1, CROWD));
        Future<Outcome> leader = leader();
        Future<Outcome> first = queued(() -> hold(1));
        Future<Outcome> second = queued(() -> hold(2));

        assertThatThrownBy(() -> hold(3)).isInstanceOf(StoreUnavailableException.class);
        Future<Outcome> release = queued(this::release);
        books.open();
        for (Future<Outcome> answer : List.of(leader, first, second, release)) {
            assertThat(answer.get().code()).isEqualTo("done");
        }
        assertThat(writer.figures().refused()).isEqualTo(1);
        assertThat(books.sizes()).containsExactly(1, 3);
    }

    @Test
    void a_hold_that_waits_too_long_is_refused_unsent_and_what_closes_one_is_not() throws Exception {
        writer = new LedgerWriter(books, new Limits(256, 10, Duration.ofMillis(50), Duration.ofMillis(5), 1, CROWD));
        Future<Outcome> leader = leader();
        Future<Outcome> release = queued(this::release);

        assertThatThrownBy(() -> hold(3)).isInstanceOf(StoreUnavailableException.class);
        assertThat(release).isNotDone();
        books.open();
        assertThat(leader.get().code()).isEqualTo("done");
        assertThat(release.get().code()).isEqualTo("done");
        assertThat(books.sizes()).containsExactly(1, 1);
        assertThat(books.alone).isEmpty();
    }

    @Test
    void a_bad_command_fails_alone() throws Exception {
        books.failing = batch ->
                batch.stream().anyMatch(command -> command.amount() == 13) ? new IllegalStateException("13") : null;
        Future<Outcome> leader = leader();
        List<Future<Outcome>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int micros = i;
            answers.add(queued(() -> hold(micros)));
        }
        books.open();

        assertThat(leader.get().code()).isEqualTo("done");
        for (int i = 0; i < 20; i++) {
            Future<Outcome> answer = answers.get(i);
            if (i == 13) {
                assertThatThrownBy(answer::get).hasRootCauseMessage("13");
            } else {
                assertThat(answer.get().amount()).isEqualTo(i);
            }
        }
        assertThat(writer.figures()).isEqualTo(new LedgerFigures(1, 1, 1, 20, 0, 0));
    }

    @Test
    void a_batch_that_could_not_be_sent_is_not_tried_again() throws Exception {
        Future<Outcome> leader = leader();
        Future<Outcome> first = queued(() -> hold(1));
        Future<Outcome> second = queued(this::release);
        books.failing = batch -> new StoreUnavailableException("down", null);
        books.open();

        assertThatThrownBy(leader::get).hasCauseInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(first::get).hasCauseInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(second::get).hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(books.alone).isEmpty();
    }

    @Test
    void a_leader_that_dies_leaves_nobody_waiting() throws Exception {
        Future<Outcome> leader = leader();
        Future<Outcome> first = queued(() -> hold(1));
        Future<Outcome> second = queued(() -> hold(2));
        books.dying = new OutOfMemoryError("no memory, says the test");
        books.open();

        assertThatThrownBy(leader::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(Error.class);
        assertThat(first.get().amount()).isEqualTo(1);
        assertThat(second.get().amount()).isEqualTo(2);
        assertThat(hold(3).amount()).isEqualTo(3);
        assertThat(books.sizes()).containsExactly(1, 2, 1);
    }

    @Test
    void a_crowd_begins_a_second_batch_beside_the_first_and_no_third() throws Exception {
        writer = new LedgerWriter(books, new Limits(256, 100, NEVER, NEVER, 4, 3));
        List<Future<Outcome>> answers = new ArrayList<>(List.of(leader()));
        for (int i = 0; i < 3; i++) {
            answers.add(queued(() -> hold(1)));
        }
        answers.add(callers.submit(() -> hold("another", 2)));
        await(() -> books.batches.size() == 2);
        for (int i = 0; i < 5; i++) {
            answers.add(queued(() -> hold(3)));
        }
        assertThat(books.sizes()).containsExactly(1, 4);
        books.open();

        for (Future<Outcome> answer : answers) {
            assertThat(answer.get().code()).isEqualTo("done");
        }
        assertThat(books.most).isEqualTo(2);
        assertThat(writer.figures().commands()).isEqualTo(10);
    }

    @Test
    void a_crowd_before_one_wallet_waits_to_go_together() throws Exception {
        writer = new LedgerWriter(books, new Limits(256, 100, NEVER, NEVER, 4, 3));
        List<Future<Outcome>> answers = new ArrayList<>(List.of(leader()));
        for (int i = 0; i < 4; i++) {
            answers.add(queued(() -> hold(1)));
            answers.add(queued(this::release));
        }
        books.open();

        for (Future<Outcome> answer : answers) {
            assertThat(answer.get().code()).isEqualTo("done");
        }
        assertThat(books.sizes()).containsExactly(1, 8);
    }

    @Test
    void a_batch_that_hangs_does_not_stop_the_others() throws Exception {
        writer = new LedgerWriter(books, new Limits(256, 10, Duration.ofSeconds(1), Duration.ofMillis(5), 3, CROWD));
        Future<Outcome> first = leader();
        Future<Outcome> second = callers.submit(() -> hold(2));
        await(() -> books.batches.size() == 2);
        Future<Outcome> third = callers.submit(() -> hold(3));
        await(() -> books.batches.size() == 3);

        // Three hang at once at most.
        Future<Outcome> refused = callers.submit(() -> hold(4));
        await(refused::isDone);
        assertThatThrownBy(refused::get).hasCauseInstanceOf(StoreUnavailableException.class);
        // One that ends makes room.
        Future<Outcome> fourth = queued(this::release);
        books.permits.release();
        await(() -> books.batches.size() == 4);
        assertThat(books.most).isEqualTo(3);
        books.open();
        for (Future<Outcome> answer : List.of(first, second, third, fourth)) {
            assertThat(answer.get().code()).isEqualTo("done");
        }
        assertThat(hold(5).amount()).isEqualTo(5);
    }

    @Test
    void an_interrupt_waits_until_the_command_has_ended() throws Exception {
        Future<Outcome> leader = leader();
        Thread[] caller = new Thread[1];
        Future<Boolean> interrupted = callers.submit(() -> {
            caller[0] = Thread.currentThread();
            hold(5);
            return Thread.interrupted();
        });
        await(() -> writer.figures().waiting() == 1);
        caller[0].interrupt();
        books.open();

        assertThat(leader.get().code()).isEqualTo("done");
        assertThat(interrupted.get()).isTrue();
        assertThat(books.sizes()).containsExactly(1, 1);
    }

    @Test
    void everybody_gets_an_answer_whatever_fails() throws Exception {
        writer = new LedgerWriter(books, new Limits(8, 4_096, NEVER, Duration.ofMillis(1), 4, 8));
        Random random = new Random(1);
        books.failing = batch -> {
            synchronized (random) {
                return random.nextInt(10) == 0 ? new IllegalStateException("by chance") : null;
            }
        };
        books.open();
        List<Future<Integer>> work = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int first = i * 1_000;
            work.add(callers.submit(() -> {
                int answered = 0;
                for (int n = first; n < first + 500; n++) {
                    try {
                        assertThat(hold(n).amount()).isEqualTo(n);
                        answered++;
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("by chance");
                    }
                }
                return answered;
            }));
        }
        int answered = 0;
        for (Future<Integer> caller : work) {
            answered += caller.get();
        }

        LedgerFigures figures = writer.figures();
        assertThat(answered).isGreaterThan(16_000);
        assertThat(figures.commands() + figures.resent()).isEqualTo(32_000);
        assertThat(figures.commands()).isGreaterThan(figures.batches());
        assertThat(figures.waiting()).isZero();
    }

    /** Somebody whose batch is under way, and stays so until the books open. */
    private Future<Outcome> leader() {
        Future<Outcome> leader = callers.submit(() -> hold(0));
        await(() -> books.batches.size() == 1);
        return leader;
    }

    /** A caller that waits in the queue. */
    private Future<Outcome> queued(Callable<Outcome> caller) {
        int before = writer.figures().waiting();
        Future<Outcome> answer = callers.submit(caller);
        await(() -> writer.figures().waiting() == before + 1);
        return answer;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private Outcome hold(long micros) {
        return hold("w", micros);
    }

    private Outcome hold(String wallet, long micros) {
        UUID charge = UUID.randomUUID();
        Credits amount = Credits.ofMicros(micros);
        return writer.apply(
                "hold credits",
                LedgerCommand.hold(
                        new HoldRequest(charge, "r" + charge, wallet, "p", "k", "m", amount, amount, NEVER)));
    }

    private Outcome release() {
        return writer.apply("release a charge", LedgerCommand.release(UUID.randomUUID()));
    }
}
