package io.synapse.gateway.bench;

import io.synapse.gateway.Admission;
import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatEnd;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.internal.Uuids;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.providers.sandbox.SandboxProvider;
import io.synapse.gateway.providers.tokens.JTokkitCounter;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The engine as an embedder has it, with everything in memory and the sandbox for an upstream: each call is
 * authenticated, rate-limited, reserved, answered and settled. One thread, so that operations per second of processor
 * time are what a core can do.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class EngineBenchmark {
    static final String KEY = "mmg_live_0123456789abcdefghijklmnopqrstuv";
    static final String ACCOUNT = "account";
    private static final String CHAT = "chat";
    private static final String EMBEDDING = "embedding";
    private static final String PROMPT = "Tell me in a few words what a gateway between programs and AI models is for.";
    private static final int UNLIMITED = 100_000_000;
    private static final PriceList PRICES = PriceList.perMillionTokens(Credits.of(15), Credits.of(60));

    private final CreditLedger ledger = CreditLedger.inMemory(Map.of(ACCOUNT, Credits.of(1_000_000_000)));
    private final Gateway gateway = gateway(ledger);

    static Gateway gateway(CreditLedger ledger) {
        TokenCounter tokens = new JTokkitCounter();
        return Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of(KEY, Caller.of(ACCOUNT))))
                .catalog(ModelCatalog.of(
                        Model.chat(CHAT, new Route(SandboxProvider.ID, CHAT), Credits.of(15), Credits.of(60)),
                        Model.builder(EMBEDDING, Modality.EMBEDDINGS)
                                .route(new Route(SandboxProvider.ID, EMBEDDING))
                                .prices(PRICES)
                                .build()))
                .ledger(ledger)
                .requestsPerMinute(UNLIMITED)
                .tokens(tokens)
                .sandbox(new SandboxProvider(tokens))
                .build();
    }

    static ChatRequest request() {
        return ChatRequest.builder().model(CHAT).user(PROMPT).maxTokens(100).build();
    }

    @Setup
    public void warm() {
        new JTokkitCounter().warmUp();
    }

    @TearDown
    public void close() {
        gateway.close();
        if (!ledger.audit().isEmpty()) {
            throw new IllegalStateException("the books are wrong: " + ledger.audit());
        }
    }

    @Benchmark
    public Answered<ChatAnswer> chat() {
        return gateway.chat(KEY, request());
    }

    @Benchmark
    public Answered<ChatEnd> streamedChat(Blackhole chunks) {
        return gateway.chat(KEY, request(), (ChatChunk chunk) -> chunks.consume(chunk));
    }

    @Benchmark
    public Answered<Embeddings> embedding() {
        Admission admission = gateway.admit(Gateway.newRequestId(), KEY);
        return gateway.embed(
                admission, EmbeddingRequest.of(Map.of("model", EMBEDDING, "input", PROMPT, "dimensions", 256)));
    }

    @Benchmark
    public Admission admit() {
        return gateway.admit(Gateway.newRequestId(), KEY);
    }

    @Benchmark
    public Settled holdAndSettle() {
        UUID charge = Uuids.next();
        Credits amount = Credits.ofMicros(8_000);
        ledger.hold(new HoldRequest(
                charge, "request", ACCOUNT, ACCOUNT, ACCOUNT, CHAT, amount, Credits.ZERO, Duration.ofSeconds(45)));
        return ledger.settle(Settlement.priced(
                charge,
                Usage.of(Unit.INPUT_TOKENS, 23, Unit.OUTPUT_TOKENS, 47),
                UsageSource.PROVIDER,
                PRICES,
                SandboxProvider.ID));
    }
}
