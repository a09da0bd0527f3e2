package io.synapse.gateway.providers.gemini;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A provider and its upstream, spoken to in JSON texts. */
final class GeminiWire implements AutoCloseable {
    static final String KEY = "AIzaTest0123456789";
    static final Media PNG = new Media(bytes("\u0089PNG\r\n\u001a\npicture"), "image/png");

    final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();
    final GeminiProvider provider;

    GeminiWire() {
        Duration soon = Duration.ofMillis(5);
        provider = new GeminiProvider(http, URI.create(upstream.uri() + "/v1beta"), KEY, new Polling(soon, soon, soon));
    }

    static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    static UpstreamCall call(String model) {
        return call(model, Duration.ofSeconds(50));
    }

    static UpstreamCall call(String model, Duration timeout) {
        return new UpstreamCall("call-1", model, OptionalLong.empty(), timeout);
    }

    static UpstreamCall bounded(String model, long most) {
        return new UpstreamCall("call-1", model, OptionalLong.of(most), Duration.ofSeconds(50));
    }

    static ChatRequest chat(String json) {
        return ChatRequest.of(PlainJson.object(json));
    }

    static UpstreamException failure(ThrowingCallable work) {
        return catchThrowableOfType(UpstreamException.class, work);
    }

    /** The last request, which was posted with the key in its header and nowhere else. */
    Map<String, Object> posted(String path) {
        Request request = upstream.lastRequest();
        if (!request.toString().equals("POST /v1beta" + path) || !KEY.equals(request.header("x-goog-api-key"))) {
            throw new AssertionError(request + " with the key " + request.header("x-goog-api-key"));
        }
        return request.json();
    }

    /** An answer with bytes of some type. */
    static Answer file(String type, byte[] bytes) {
        return exchange -> {
            exchange.head(200, Map.of("Content-Type", type), bytes.length);
            exchange.body(bytes);
        };
    }

    /** Starts a call on a thread of its own and stops it once so many requests have come; what it fails with. */
    UpstreamException stopped(UpstreamCall call, int requests, ThrowingCallable work) throws Exception {
        FutureTask<UpstreamException> running = new FutureTask<>(() -> failure(work));
        Thread.ofVirtual().start(running);
        upstream.awaitRequests(requests);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        return running.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        http.close();
        upstream.close();
    }
}
