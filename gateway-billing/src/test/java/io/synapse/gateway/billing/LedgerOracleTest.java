package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.LedgerCommand.Outcome;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The SQL function and its {@linkplain LedgerTwin twin}, given the same batches by chance, answer every command the same
 * and come to the same end. A seed that fails is in the test's name.
 */
class LedgerOracleTest {
    private static final int BATCHES = 25;
    private static final Duration LONG = Duration.ofHours(1);
    private static final PriceList MICRO_PER_TOKEN = PriceList.perMillionTokens(Credits.of(1), Credits.of(1));
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final LedgerTwin twin = new LedgerTwin();
    /** Where holds are asked for: a wallet, and a project whose money it spends. */
    private final List<Place> places = new ArrayList<>();

    private final List<String> keys = new ArrayList<>(List.of("k"));
    private final List<UUID> charges = new ArrayList<>();
    /** Those that the batch has not named yet. */
    private final Queue<UUID> unnamed = new ArrayDeque<>();

    private Random random = new Random();

    private record Place(String wallet, String project) {}

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(LedgerOracleTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void batches_of_anything_are_decided_as_their_commands_are_one_by_one(long seed) throws SQLException {
        random = new Random(seed);
        furnish();
        for (int n = 0; n < BATCHES; n++) {
            endLeases();
            Collections.shuffle(charges, random);
            unnamed.clear();
            unnamed.addAll(charges);
            List<LedgerCommand> batch = new ArrayList<>();
            for (int size = 1 + random.nextInt(30); size > 0; size--) {
                batch.add(command());
            }
            if (random.nextInt(3) == 0) {
                // Some charge twice: the same command again, as after a lost answer, or another.
                batch.add(batch.get(random.nextInt(batch.size())));
                unnamed.addAll(charges);
                batch.add(command());
            }
            List<Outcome> expected = twin.apply(batch);

            List<Outcome> answered = database.apply(batch);
            for (int i = 0; i < batch.size(); i++) {
                assertThat(answered.get(i)).as("batch %d: %s", n, batch.get(i)).isEqualTo(expected.get(i));
            }
            assertThat(wallets()).as("wallets after batch %d", n).isEqualTo(expectedWallets());
        }
        assertThat(charges()).isEqualTo(expectedCharges());
    }

    /** Two accounts with projects, capped and not, a key that works no more, and two wallets of nobody's. */
    private void furnish() {
        for (int i = 0; i < 2; i++) {
            long funds = random.nextInt(600);
            Account account = database.account(funds);
            LedgerTwin.Wallet wallet = new LedgerTwin.Wallet();
            wallet.available = funds;
            twin.wallets.put(account.wallet(), wallet);
            SpendCap.Period period = random.nextBoolean() ? SpendCap.Period.TOTAL : SpendCap.Period.MONTH;
            long cap = random.nextInt(200);
            String capped = project(account, new SpendCap(Credits.ofMicros(cap), period));
            twin.budgets.put(capped, new LedgerTwin.Budget(cap));
            places.add(new Place(account.wallet(), capped));
            places.add(new Place(
                    account.wallet(),
                    database.billing
                            .projects()
                            .create(account.id(), "free", null, null)
                            .id()));
            places.add(new Place(account.wallet(), account.defaultProject()));
            String key = database.billing
                    .keys()
                    .create(account.id(), KeyRequest.live("k"))
                    .key()
                    .id();
            keys.add(key);
            if (i == 0) {
                database.billing.keys().revoke(account.id(), key);
                twin.deadKeys.add(key);
            }
            places.add(new Place("wallet-" + UUID.randomUUID(), "p"));
        }
    }

    private static String project(Account account, SpendCap cap) {
        return database.billing
                .projects()
                .create(account.id(), "capped", cap, null)
                .id();
    }

    /** Some holds outlive their leases. */
    private void endLeases() throws SQLException {
        for (UUID id : charges) {
            LedgerTwin.Charge charge = twin.charges.get(id);
            if (charge != null && charge.state.equals("reserved") && random.nextInt(8) == 0) {
                charge.overdue = true;
                database.execute("UPDATE charge SET deadline = 'epoch' WHERE id = '" + id + "'");
            }
        }
    }

    private LedgerCommand command() {
        return switch (random.nextInt(12)) {
            case 0 ->
                LedgerCommand.deposit(
                        place().wallet(), Credits.ofMicros(random.nextInt(100)), "deposit " + random.nextInt(20));
            case 1 -> LedgerCommand.release(charge());
            case 2 -> LedgerCommand.extend(charge(), LONG);
            case 3 -> LedgerTwin.expire(charge());
            case 4, 5, 6 ->
                LedgerCommand.settle(Settlement.priced(
                        charge(),
                        Usage.of(Unit.INPUT_TOKENS, random.nextInt(70)),
                        UsageSource.PROVIDER,
                        MICRO_PER_TOKEN,
                        "somebody"));
            default -> hold();
        };
    }

    private LedgerCommand hold() {
        UUID id = random.nextInt(10) == 0 ? charge() : new UUID(random.nextLong(), random.nextLong());
        charges.add(id);
        Place place = place();
        int amount = random.nextInt(60);
        return LedgerCommand.hold(new HoldRequest(
                id,
                // Of a charge that there is, sometimes another request's.
                "r" + (random.nextInt(20) == 0 ? "" : id),
                place.wallet(),
                place.project(),
                keys.get(random.nextInt(keys.size())),
                "m",
                Credits.ofMicros(amount),
                Credits.ofMicros(random.nextInt(amount + 1)),
                LONG));
    }

    private Place place() {
        return places.get(random.nextInt(places.size()));
    }

    /** One that was held, or asked for, and sometimes one that nobody knows. */
    private UUID charge() {
        return unnamed.isEmpty() || random.nextInt(20) == 0
                ? new UUID(random.nextLong(), random.nextLong())
                : unnamed.remove();
    }

    private Map<String, List<Long>> expectedWallets() {
        Map<String, List<Long>> expected = new HashMap<>();
        twin.wallets.forEach((id, wallet) -> expected.put(
                id,
                List.of(wallet.available, wallet.held, wallet.spent, wallet.available + wallet.held + wallet.spent)));
        return expected;
    }

    private Map<String, List<Long>> wallets() {
        Map<String, List<Long>> found = new HashMap<>();
        Jdbi.create(database.pool).useHandle(handle -> {
            for (String id : twin.wallets.keySet()) {
                // One that nothing was ever put into or held of may have no row.
                found.put(
                        id,
                        handle.createQuery(database.database.sql("SELECT * FROM synapse.wallet WHERE id = :id"))
                                .bind("id", id)
                                .map((row, context) -> List.of(
                                        row.getLong("available"),
                                        row.getLong("held"),
                                        row.getLong("spent"),
                                        row.getLong("funded")))
                                .findOne()
                                .orElse(List.of(0L, 0L, 0L, 0L)));
            }
        });
        return found;
    }

    private Map<UUID, String> expectedCharges() {
        Map<UUID, String> expected = new HashMap<>();
        twin.charges.forEach((id, charge) -> expected.put(
                id,
                "%s: %d of %d, extra %d, late %d, short of %d"
                        .formatted(
                                charge.state,
                                charge.cost,
                                charge.reserved,
                                charge.extra,
                                charge.late,
                                charge.shortfall)));
        return expected;
    }

    private Map<UUID, String> charges() {
        Map<UUID, String> found = new HashMap<>();
        Jdbi.create(database.pool).useHandle(handle -> {
            for (UUID id : charges) {
                handle.createQuery(database.database.sql("SELECT * FROM synapse.charge WHERE id = :id"))
                        .bind("id", id)
                        .map((row, context) -> "%s: %d of %d, extra %d, late %d, short of %d"
                                .formatted(
                                        row.getString("state"),
                                        row.getLong("cost"),
                                        row.getLong("reserved"),
                                        row.getLong("extra"),
                                        row.getLong("late"),
                                        row.getLong("shortfall")))
                        .findOne()
                        .ifPresent(text -> found.put(id, text));
            }
        });
        return found;
    }
}
