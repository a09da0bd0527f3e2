package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ChatFormat;
import io.synapse.gateway.testkit.fake.ChatUpstream;
import io.synapse.gateway.testkit.fake.HttpChatUpstream;
import io.synapse.gateway.testkit.fake.RecordingSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What a {@link ChatProvider} behind HTTP owes the gateway: the {@link ChatProviderContract}, and what only sockets can
 * show. Its author says how the upstream writes, and makes the provider.
 */
public abstract class HttpChatProviderContract extends ChatProviderContract {
    /** How the upstream writes its answers. */
    protected abstract ChatFormat format();

    /** Makes the provider under test. If it is {@link AutoCloseable} it is closed after the test. */
    protected abstract ChatProvider providerAt(URI upstream);

    @Override
    protected final ChatUpstream startUpstream() {
        return new HttpChatUpstream(format());
    }

    @Override
    protected final ChatProvider startProvider(ChatUpstream started) {
        return providerAt(((HttpChatUpstream) started).uri());
    }

    @Test
    void connection_serves_the_next_call_after_an_answer_to_its_end() throws Exception {
        try (HttpChatUpstream upstream = new HttpChatUpstream(format())) {
            ChatProvider provider = providerAt(upstream.uri());
            upstream.says(new ChatUpstream.Tokens(3, 2), "Hello");
            ChatRequest request = ChatRequest.of("a-model", "Hello");
            for (int i = 0; i < 3; i++) {
                provider.stream(call(), request, new RecordingSink());
                provider.chat(call(), request);
            }
            assertThat(upstream.server().connections()).isEqualTo(1);
            close(provider);
        }
    }

    @Test
    void wait_that_the_upstream_asks_for_is_told() throws Exception {
        try (HttpChatUpstream upstream = new HttpChatUpstream(format())) {
            ChatProvider provider = providerAt(upstream.uri());
            upstream.fails(Kind.RATE_LIMITED, Duration.ofSeconds(7), null);
            UpstreamException failure =
                    (UpstreamException) catchThrowable(() -> provider.chat(call(), ChatRequest.of("a-model", "Hello")));
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
            close(provider);
        }
    }

    @Test
    void upstream_that_is_not_there_is_unreachable() throws Exception {
        // Bound but not listening: connections are refused, and nobody else can take the port meanwhile.
        try (Socket silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ChatProvider provider = providerAt(URI.create("http://127.0.0.1:" + silent.getLocalPort()));
            UpstreamException failure =
                    (UpstreamException) catchThrowable(() -> provider.chat(call(), ChatRequest.of("a-model", "Hello")));
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            close(provider);
        }
    }

    private static void close(ChatProvider provider) throws Exception {
        if (provider instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
