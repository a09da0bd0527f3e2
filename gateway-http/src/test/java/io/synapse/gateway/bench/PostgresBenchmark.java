package io.synapse.gateway.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.billing.EmbeddedDatabase;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.providers.tokens.JTokkitCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The engine with its ledger in the embedded PostgreSQL: a hold and a settlement of each call are on disk before anything
 * goes on. Many callers, on virtual threads, since it is the disk that they wait for; all pay from one wallet, which is the
 * worst case.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx1g", "-Djmh.executor=VIRTUAL"})
@Threads(256)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 4, time = 3)
public class PostgresBenchmark {
    private EmbeddedDatabase postgres;
    private HikariDataSource pool;
    private Billing billing;
    private Gateway gateway;

    @Setup
    public void open() throws IOException {
        new JTokkitCounter().warmUp();
        Path directory = Files.createTempDirectory("synapse-bench");
        postgres = EmbeddedDatabase.start(directory);
        pool = Billing.pool(postgres.url(), postgres.user(), postgres.password());
        billing = Billing.open(pool);
        billing.ledger().deposit(EngineBenchmark.ACCOUNT, Credits.of(1_000_000), "funds");
        gateway = EngineBenchmark.gateway(billing.ledger());
    }

    @TearDown
    public void close() {
        gateway.close();
        boolean right = billing.ledger().audit().isEmpty();
        billing.close();
        pool.close();
        postgres.close();
        if (!right) {
            throw new IllegalStateException("the books are wrong");
        }
    }

    @Benchmark
    public Answered<ChatAnswer> chat() {
        return gateway.chat(EngineBenchmark.KEY, EngineBenchmark.request());
    }
}
