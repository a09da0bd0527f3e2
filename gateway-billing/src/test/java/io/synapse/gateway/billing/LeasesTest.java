package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds that nobody answers for any more: who finds them, and what is left of the rows by which they are found. */
class LeasesTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final CreditLedger ledger = database.billing.ledger();
    private final String wallet = "wallet-" + UUID.randomUUID();

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(LeasesTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void many_holds_that_ended_at_once_are_all_returned_by_sweepers_that_work_at_once() throws Exception {
        ledger.deposit(wallet, Credits.ofMicros(2_000), "funds");
        // Of batches, and alone: more rows, and more holds, than one transaction takes.
        for (int i = 0; i < 3; i++) {
            database.apply(IntStream.range(0, 150)
                    .mapToObj(n -> LedgerCommand.hold(request(UUID.randomUUID(), LONG)))
                    .toList());
        }
        for (int i = 0; i < 150; i++) {
            ledger.hold(request(UUID.randomUUID(), LONG));
        }
        assertThat(rows()).isEqualTo(153);
        endLeases();

        List<Future<Integer>> sweepers = new ArrayList<>();
        try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3; i++) {
                sweepers.add(nodes.submit(ledger::expire));
            }
        }
        int closed = 0;
        for (Future<Integer> sweeper : sweepers) {
            closed += sweeper.get();
        }
        // One may leave to another what the other then gives up; the next round finds it.
        closed += ledger.expire();

        assertThat(closed).isEqualTo(600);
        assertThat(ledger.available(wallet)).isEqualTo(Credits.ofMicros(2_000));
        assertThat(rows()).isZero();
    }

    @Test
    void what_is_closed_by_then_leaves_nothing_behind() throws Exception {
        ledger.deposit(wallet, Credits.ofMicros(10), "funds");
        UUID charge = UUID.randomUUID();
        ledger.hold(request(charge, LONG));
        ledger.release(charge);
        assertThat(rows()).isOne();
        endLeases();

        assertThat(ledger.expire()).isZero();
        assertThat(rows()).isZero();
    }

    @Test
    void an_extended_hold_outlives_the_end_of_its_first_lease_and_not_that_of_its_second() throws Exception {
        ledger.deposit(wallet, Credits.ofMicros(10), "funds");
        UUID kept = UUID.randomUUID();
        UUID forgotten = UUID.randomUUID();
        ledger.hold(request(kept, Duration.ofMillis(1)));
        ledger.hold(request(forgotten, Duration.ofMillis(1)));
        ledger.extend(List.of(kept), LONG);

        while (ledger.available(wallet).compareTo(Credits.ofMicros(9)) < 0) {
            ledger.expire();
        }
        assertThat(database.text("SELECT string_agg(charges::text, ' ') FROM synapse.lease_end"))
                .isEqualTo("{" + kept + "}");
        endLeases();
        assertThat(ledger.expire()).isOne();
        assertThat(ledger.available(wallet)).isEqualTo(Credits.ofMicros(10));
    }

    @Test
    void nobody_extends_what_is_closed() throws Exception {
        ledger.deposit(wallet, Credits.ofMicros(10), "funds");
        UUID charge = UUID.randomUUID();
        ledger.hold(request(charge, LONG));
        ledger.release(charge);
        long before = rows();

        ledger.extend(List.of(charge, UUID.randomUUID()), LONG);
        assertThat(rows()).isEqualTo(before);
        endLeases();
        assertThat(ledger.expire()).isZero();
    }

    private HoldRequest request(UUID charge, Duration lease) {
        return new HoldRequest(
                charge, "r-" + charge, wallet, "p", "k", "m", Credits.ofMicros(1), Credits.ofMicros(1), lease);
    }

    private static long rows() {
        return database.number("SELECT count(*) FROM synapse.lease_end");
    }

    private static void endLeases() throws SQLException {
        database.execute(
                "UPDATE charge SET deadline = 'epoch' WHERE state = 'reserved'; UPDATE lease_end SET at = 'epoch'");
    }
}
