package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.testkit.fake.FlakyLedger;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls that were delivered while the ledger was away are paid for once, whatever happens to the gateway meanwhile. */
@Timeout(60)
class UnsettledChargesTest {
    private final ScriptedProvider upstream =
            new ScriptedProvider("upstream").says(Usage.of(Unit.INPUT_TOKENS, 7, Unit.OUTPUT_TOKENS, 3), "Hi");
    private final ManualClock clock = new ManualClock();
    private final CreditLedger books = CreditLedger.inMemory(Map.of("acme", Credits.of(1000)), clock);
    private final FlakyLedger flaky = new FlakyLedger(books);
    private final List<Gateway> gateways = new ArrayList<>();

    @TempDir
    Path directory;

    private Path file;
    private SettlementJournal journal;
    private Gateway gateway;

    @BeforeEach
    void open() {
        file = directory.resolve("settlements");
        journal = SettlementJournal.inFile(file);
        gateway = start(flaky, journal);
    }

    @AfterEach
    void close() {
        flaky.recover();
        gateways.forEach(Gateway::close);
        journal.close();
        assertThat(books.audit()).isEmpty();
    }

    private Gateway start(CreditLedger ledger, SettlementJournal itsJournal) {
        Gateway started = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
                .catalog(ModelCatalog.of(Model.builder("one", Modality.TEXT_GENERATION)
                        .route(new Route("upstream", "one"))
                        .prices(PriceList.perMillionTokens(Credits.of(1_000_000), Credits.of(1_000_000)))
                        .build()))
                .ledger(ledger)
                .journal(itsJournal)
                .provider(upstream)
                .build();
        gateways.add(started);
        return started;
    }

    /** The process dies, and its gateway is never heard of again; another one starts on its file. */
    private Gateway startAgain(CreditLedger ledger) {
        journal.close();
        journal = SettlementJournal.inFile(file);
        return start(ledger, journal);
    }

    private Answered<ChatAnswer> call() {
        return gateway.chat(
                "key",
                ChatRequest.builder().model("one").user("Hello").maxTokens(50).build());
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_call_whose_process_died_during_an_outage_is_paid_by_the_next_before_it_works() {
        flaky.failClosings();
        assertThat(call().receipt().charged()).isEqualTo(Credits.of(10));
        call();
        assertThat(gateway.unsettled()).isEqualTo(2);
        assertThat(journal.pending()).hasSize(2);

        Gateway next = startAgain(books);
        assertThat(books.available("acme")).isEqualTo(Credits.of(980));
        assertThat(next.unsettled()).isZero();
        assertThat(journal.pending()).isEmpty();

        startAgain(books);
        assertThat(books.available("acme")).isEqualTo(Credits.of(980));
    }

    @Test
    void the_first_process_and_the_next_may_both_settle_and_it_is_paid_once() {
        flaky.failClosings();
        call();
        startAgain(books);
        flaky.recover();
        await(() -> gateway.unsettled() == 0);
        assertThat(books.available("acme")).isEqualTo(Credits.of(990));
    }

    @Test
    void a_ledger_that_is_still_away_at_the_start_is_asked_until_it_is_back() {
        flaky.failClosings();
        call();
        Gateway next = startAgain(flaky);
        assertThat(next.unsettled()).isEqualTo(1);
        assertThat(books.available("acme")).isLessThan(Credits.of(990));

        flaky.recover();
        await(() -> next.unsettled() == 0 && journal.pending().isEmpty());
        assertThat(books.available("acme")).isEqualTo(Credits.of(990));
    }

    @Test
    void a_hold_that_expired_meanwhile_is_charged_late_and_once() throws IOException {
        flaky.failClosings();
        UUID charge = call().receipt().charge();
        clock.advance(Duration.ofHours(1));
        assertThat(books.expire()).isEqualTo(1);
        assertThat(books.available("acme")).isEqualTo(Credits.of(1000));
        byte[] left = Files.readAllBytes(file);

        startAgain(books);
        assertThat(books.available("acme")).isEqualTo(Credits.of(990));
        journal.close();
        Files.write(file, left); // as if it had died before it could forget
        assertThat(SettlementJournal.inFile(file)).satisfies(again -> {
            assertThat(again.pending()).extracting(Settlement::charge).containsExactly(charge);
            again.close();
        });
        startAgain(books);
        assertThat(books.available("acme")).isEqualTo(Credits.of(990));
    }

    @Test
    void what_was_only_half_written_is_no_settlement() throws IOException {
        flaky.failClosings();
        call();
        call();
        byte[] left = Files.readAllBytes(file);
        journal.close();
        Files.write(file, Arrays.copyOf(left, left.length - 1));

        Gateway next = startAgain(books);
        assertThat(next.unsettled()).isZero();
        assertThat(books.expire()).isZero();
        assertThat(books.available("acme")).isLessThan(Credits.of(990)); // the other hold will expire
        clock.advance(Duration.ofHours(1));
        assertThat(books.expire()).isEqualTo(1);
        assertThat(books.available("acme")).isEqualTo(Credits.of(990));
    }

    @Test
    void a_journal_that_cannot_be_written_does_not_fail_the_call() {
        journal.close();
        flaky.failClosings();
        assertThat(call().receipt().charged()).isEqualTo(Credits.of(10));
        flaky.recover();
        await(() -> gateway.unsettled() == 0);
        assertThat(books.available("acme")).isEqualTo(Credits.of(990));
    }

    @Test
    void a_charge_that_the_ledger_does_not_know_is_given_up_and_the_rest_is_not() {
        flaky.failClosings();
        call();
        UUID known = call().receipt().charge();
        CreditLedger forgetful = CreditLedger.inMemory(Map.of("acme", Credits.of(1000)));
        forgetful.hold(new HoldRequest(
                known, "r", "acme", "p", "k", "one", Credits.of(50), Credits.of(50), Duration.ofHours(1)));

        Gateway next = startAgain(forgetful);
        assertThat(next.unsettled()).isZero();
        assertThat(journal.pending()).isEmpty();
        assertThat(forgetful.available("acme")).isEqualTo(Credits.of(990));
        assertThat(forgetful.find("acme", "r")).map(Charge::state).contains(Charge.State.SETTLED);
    }

    @Test
    void a_start_that_finds_something_says_how_much_once() {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                records.add(logged);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        flaky.failClosings();
        call();
        Logger log = Logger.getLogger("io.synapse.gateway.Unsent");
        log.addHandler(handler);
        try {
            startAgain(books);
            startAgain(books);
        } finally {
            log.removeHandler(handler);
        }
        assertThat(records).singleElement().satisfies(logged -> {
            assertThat(logged.getLevel()).isEqualTo(Level.WARNING);
            assertThat(logged.getMessage() + List.of(logged.getParameters())).contains("1, 1, 0");
        });
    }
}
