package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** An upstream of pictures, and what is asked of it. */
public final class ImageWire implements AutoCloseable {
    /** The key of all providers here. */
    public static final String KEY = "qx-test-0123456789";
    /** A picture, as far as its first bytes tell. */
    public static final Media PNG = new Media(bytes("\u0089PNG\r\n\u001a\npicture"), "image/png");
    /** The same in base64. */
    public static final String B64 = Base64.getEncoder().encodeToString(PNG.bytes());

    /** What stands in for the upstream. */
    public final FakeUpstream upstream = new FakeUpstream();
    /** The client to ask it by. */
    public final UpstreamHttp http = new UpstreamHttp();

    /** Settings of a provider that is the stand-in. */
    public Map<String, String> settings(String prefix) {
        return Map.of(prefix + "_API_KEY", KEY, prefix + "_BASE_URL", upstream.uri() + "/v1");
    }

    /** Text with a byte for each character. */
    public static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A call with time enough. */
    public static UpstreamCall call(String model) {
        return call(model, Duration.ofSeconds(50));
    }

    /** A call. */
    public static UpstreamCall call(String model, Duration timeout) {
        return new UpstreamCall("call-1", model, OptionalLong.empty(), timeout);
    }

    /** A request for a drawing. */
    public static ImageRequest image(String json) {
        return ImageRequest.of(PlainJson.object(json), null, null);
    }

    /** A request for an edit of {@link #PNG}. */
    public static ImageRequest edit(String json) {
        return ImageRequest.of(PlainJson.object(json), PNG, null);
    }

    /** What some work fails with. */
    public static UpstreamException failure(ThrowingCallable work) {
        return catchThrowableOfType(UpstreamException.class, work);
    }

    /** An answer that is a file. */
    public static Answer file(String type, byte[] bytes) {
        return exchange -> {
            exchange.head(200, Map.of("Content-Type", type), bytes.length);
            exchange.body(bytes);
        };
    }

    /** Starts a call on a thread of its own and stops it once so many requests have arrived; what it fails with. */
    public UpstreamException stopped(UpstreamCall call, int requests, ThrowingCallable work) throws Exception {
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
