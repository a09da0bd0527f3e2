package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls of media providers, and what comes of them, for the tests of every adapter. */
public final class MediaCalls {
    /** A picture. */
    public static final Media PNG = new Media(bytes("\u0089PNG\r\n\u001a\npicture"), "image/png");
    /** Another one. */
    public static final Media JPEG = new Media(bytes("\u00FF\u00D8\u00FFpicture"), "image/jpeg");
    /** A recording. */
    public static final Media SOUND = new Media(bytes("RIFF\r\n--\r\n\u0000\u00FFsound"), "audio/wav");

    private MediaCalls() {}

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A call of a model. */
    public static UpstreamCall call(String model) {
        return call(model, Duration.ofSeconds(50));
    }

    /** A call that may take so long. */
    public static UpstreamCall call(String model, Duration timeout) {
        return new UpstreamCall("call-1", model, OptionalLong.empty(), timeout);
    }

    /** A request for vectors. */
    public static EmbeddingRequest embedding(String json) {
        return EmbeddingRequest.of(PlainJson.object(json));
    }

    /** A request for pictures. */
    public static ImageRequest image(String json) {
        return ImageRequest.of(PlainJson.object(json), null, null);
    }

    /** A request for a transcript of {@link #SOUND}, which is said to last 1.5 seconds. */
    public static TranscriptionRequest transcription(Map<String, String> fields, String... granularities) {
        Map<String, Object> form = new LinkedHashMap<>(fields);
        form.put("model", "m");
        return TranscriptionRequest.of(form, List.of(granularities), SOUND, "talk.wav", 1_500);
    }

    /** An answer that is a file. */
    public static Answer file(String type, byte[] bytes) {
        return exchange -> {
            exchange.head(200, Map.of("Content-Type", type), bytes.length);
            exchange.body(bytes);
        };
    }

    /** What a call fails with. */
    public static UpstreamException failure(ThrowingCallable work) {
        return catchThrowableOfType(UpstreamException.class, work);
    }

    /** Starts a call on a thread of its own and stops it once it has reached the upstream; what it fails with. */
    public static UpstreamException stopped(FakeUpstream upstream, UpstreamCall call, ThrowingCallable work)
            throws Exception {
        FutureTask<UpstreamException> running = new FutureTask<>(() -> failure(work));
        Thread.ofVirtual().start(running);
        upstream.awaitRequests(1);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        UpstreamException failure = running.get(20, TimeUnit.SECONDS);
        upstream.awaitHangUps(1);
        return failure;
    }
}
