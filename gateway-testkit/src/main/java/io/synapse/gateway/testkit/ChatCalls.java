package io.synapse.gateway.testkit;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.testkit.fake.ChatUpstream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A provider and its upstream, started for each test, and how the contract calls them. */
abstract class ChatCalls {
    /** The name of the model that the upstream is asked for. */
    protected static final String UPSTREAM_MODEL = "upstream-model-1";

    // Set before each test, and only there.
    @SuppressWarnings("NullAway.Init")
    ChatUpstream upstream;

    @SuppressWarnings("NullAway.Init")
    ChatProvider provider;

    /** Starts the upstream, scripted by this kit. */
    protected abstract ChatUpstream startUpstream();

    /** Makes the provider under test, which speaks to the upstream just started. */
    protected abstract ChatProvider startProvider(ChatUpstream started);

    /** What the provider can do; everything, unless an author says otherwise. */
    protected Set<Feature> features() {
        return EnumSet.allOf(Feature.class);
    }

    /** How long a call may take to end that should end at once. */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    @BeforeEach
    final void start() {
        upstream = startUpstream();
        provider = startProvider(upstream);
    }

    @AfterEach
    final void stop() throws Exception {
        if (provider instanceof AutoCloseable closeable) {
            closeable.close();
        }
        upstream.close();
    }

    /** A call with all the time of the test, bounded to 64 tokens. */
    protected final UpstreamCall call() {
        return new UpstreamCall(
                "call-1", UPSTREAM_MODEL, OptionalLong.of(64), patience().multipliedBy(2));
    }

    static ChatRequest ask() {
        return ChatRequest.of("a-model", "Hello");
    }

    static ChatRequest ask(int maxTokens) {
        return ChatRequest.builder()
                .model("a-model")
                .user("Hello")
                .maxTokens(maxTokens)
                .build();
    }

    final Patiently<@Nullable ChatUsage> stream(UpstreamCall call, ChatRequest request, ChatSink sink) {
        return Patiently.start(patience(), () -> provider.stream(call, request, sink));
    }

    final Patiently<ChatAnswer> chat(UpstreamCall call, ChatRequest request) {
        return Patiently.start(patience(), () -> provider.chat(call, request));
    }
}
