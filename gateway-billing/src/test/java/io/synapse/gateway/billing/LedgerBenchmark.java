package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.internal.Uuids;
import io.synapse.gateway.testkit.fake.Cable;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * How many charges a second the ledger takes, each held and settled: by the writer, and in turn with it in one
 * transaction per command, and by a {@linkplain NaiveLedger naive ledger} in the same tables; afterwards the books of all
 * three are audited. No part of the build, as its name does not end in Test; settings are {@code bench.rounds} (5), {@code
 * bench.millis} (2000) a run, and {@code bench.away.micros} (0), by which each round trip to the database is longer:
 *
 * <pre>{@code
 * mvn -Pquick test -pl gateway-billing -am -Dtest=LedgerBenchmark -Dsurefire.failIfNoSpecifiedTests=false -Dtests.jvm=
 * }</pre>
 */
class LedgerBenchmark {
    private static final PriceList MICRO_PER_TOKEN = PriceList.perMillionTokens(Credits.of(1), Credits.of(1));
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final int MILLIS = Integer.getInteger("bench.millis", 2_000);
    /** How long the way to the database is, for each round trip. */
    private static final int AWAY_MICROS = Integer.getInteger("bench.away.micros", 0);

    /** A ledger. */
    private interface Way {
        void hold(HoldRequest request);

        void settle(String wallet, Settlement settlement);
    }

    /** A way of ours: applies one command. */
    private record Ours(Consumer<LedgerCommand> apply) implements Way {
        @Override
        public void hold(HoldRequest request) {
            apply.accept(LedgerCommand.hold(request));
        }

        @Override
        public void settle(String wallet, Settlement settlement) {
            apply.accept(LedgerCommand.settle(settlement));
        }
    }

    private record Naive(NaiveLedger ledger) implements Way {
        @Override
        public void hold(HoldRequest request) {
            ledger.hold(request);
        }

        @Override
        public void settle(String wallet, Settlement settlement) {
            ledger.settle(wallet, settlement);
        }
    }

    /** What one run found: charges a second, and how long holds took, in order. */
    private record Run(double perSecond, List<Long> holdNanos) {}

    @Test
    void compare() throws Exception {
        EmbeddedDatabase postgres = TestDatabase.postgres();
        int port = URI.create(postgres.url().substring("jdbc:".length())).getPort();
        try (Cable cable = new Cable(port)) {
            cable.delay(Duration.ofNanos(1_000L * AWAY_MICROS));
            compare(
                    AWAY_MICROS == 0 ? postgres.url() : postgres.url().replace(":" + port, ":" + cable.port()),
                    postgres);
        }
    }

    private static void compare(String url, EmbeddedDatabase postgres) throws Exception {
        try (TestDatabase database = new TestDatabase(
                        LedgerBenchmark.class, Billing.pool(url, postgres.user(), postgres.password()));
                NaiveLedger naiveLedger = new NaiveLedger(url, postgres, database.options.schema(), 64)) {
            CreditLedger ledger = database.billing.ledger();
            LedgerWriter.Books books = PostgresCreditLedger.books(database.database);
            LedgerWriter writer = new LedgerWriter(books, LedgerWriter.Limits.DEFAULT);
            Way naive = new Naive(naiveLedger);
            Way one = new Ours(command -> books.applyAlone("measure", command, System.nanoTime()));
            Way batched = new Ours(command -> writer.apply("measure", command));
            Map<String, List<Run>> first = new TreeMap<>();
            Map<String, List<Run>> before = new TreeMap<>();
            Map<String, List<Run>> after = new TreeMap<>();
            for (int round = 0; round <= ROUNDS; round++) {
                for (int callers : new int[] {1, 16, 64}) {
                    for (boolean hot : new boolean[] {true, false}) {
                        String name = "%2d callers, %s".formatted(callers, hot ? "one wallet" : "a wallet each");
                        Run naively = run(ledger, naive, callers, hot);
                        Run without = run(ledger, one, callers, hot);
                        Run with = run(ledger, batched, callers, hot);
                        if (round > 0) { // the first warms up
                            first.computeIfAbsent(name, key -> new ArrayList<>())
                                    .add(naively);
                            before.computeIfAbsent(name, key -> new ArrayList<>())
                                    .add(without);
                            after.computeIfAbsent(name, key -> new ArrayList<>())
                                    .add(with);
                        }
                    }
                }
            }
            first.forEach((name, runs) -> print(name, "naive", runs, after.get(name)));
            before.forEach((name, runs) -> print(name, "one by one", runs, after.get(name)));
            System.out.println(writer.figures());
            assertThat(ledger.audit()).isEmpty();
        }
    }

    private static void print(String name, String what, List<Run> before, List<Run> after) {
        double[] ratios = new double[before.size()];
        Arrays.setAll(ratios, i -> after.get(i).perSecond() / before.get(i).perSecond());
        Arrays.sort(ratios);
        System.out.printf(
                "%-24s %s %s, writer %s, ratio %.2f (%.2f to %.2f)%n",
                name,
                what,
                describe(before),
                describe(after),
                ratios[ratios.length / 2],
                ratios[0],
                ratios[ratios.length - 1]);
    }

    private static String describe(List<Run> runs) {
        double[] rates = runs.stream().mapToDouble(Run::perSecond).sorted().toArray();
        List<Long> nanos =
                runs.stream().flatMap(run -> run.holdNanos().stream()).sorted().toList();
        return "%,.0f/s (hold p50 %.2f ms, p99 %.2f ms)"
                .formatted(
                        rates[rates.length / 2],
                        nanos.get(nanos.size() / 2) / 1e6,
                        nanos.get(nanos.size() * 99 / 100) / 1e6);
    }

    private static Run run(CreditLedger ledger, Way way, int callers, boolean hot) throws Exception {
        List<String> wallets = new ArrayList<>();
        for (int i = 0; i < (hot ? 1 : callers); i++) {
            wallets.add("wallet-" + UUID.randomUUID());
            ledger.deposit(wallets.getLast(), Credits.of(1_000_000), "funds");
        }
        List<Future<List<Long>>> work = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                String wallet = wallets.get(i % wallets.size());
                work.add(threads.submit(() -> charge(way, wallet, end)));
            }
        }
        List<Long> nanos = new ArrayList<>();
        for (Future<List<Long>> caller : work) {
            nanos.addAll(caller.get());
        }
        return new Run(nanos.size() * 1_000.0 / MILLIS, nanos);
    }

    /** One caller: charge after charge until the end. */
    private static List<Long> charge(Way way, String wallet, long end) {
        List<Long> nanos = new ArrayList<>();
        Credits amount = Credits.ofMicros(20);
        for (long began = System.nanoTime(); began < end; began = System.nanoTime()) {
            // As the engine names them: by time, which is kind to every index.
            UUID charge = Uuids.next();
            way.hold(new HoldRequest(
                    charge, "req_" + charge, wallet, "p", "k", "m", amount, amount, Duration.ofHours(1)));
            nanos.add(System.nanoTime() - began);
            way.settle(
                    wallet,
                    Settlement.priced(
                            charge, Usage.of(Unit.INPUT_TOKENS, 7), UsageSource.PROVIDER, MICRO_PER_TOKEN, "somebody"));
        }
        return nanos;
    }
}
