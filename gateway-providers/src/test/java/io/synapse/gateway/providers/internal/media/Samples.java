package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Pictures, films and requests for the tests of adapters. */
public final class Samples {
    /** A picture, as far as its first bytes tell. */
    public static final Media PNG =
            new Media("\u0089PNG\r\n\u001a\npicture".getBytes(StandardCharsets.ISO_8859_1), "image/png");

    /** {@link #PNG} as a {@code data:} URI. */
    public static final String PNG_URI = Pictures.dataUri(PNG);

    private Samples() {}

    /** An MP4 file, as far as its boxes tell: a type, and a header that says how long it lasts. */
    public static byte[] film(int millis) {
        ByteBuffer film = ByteBuffer.allocate(16 + 8 + 108);
        film.putInt(16).put("ftypisom".getBytes(StandardCharsets.US_ASCII)).putInt(0);
        film.putInt(8 + 108).put("moov".getBytes(StandardCharsets.US_ASCII));
        film.putInt(108).put("mvhd".getBytes(StandardCharsets.US_ASCII));
        film.putInt(16 + 8 + 20, 1000).putInt(16 + 8 + 24, millis);
        return film.array();
    }

    /** A call with time enough. */
    public static UpstreamCall call(String model) {
        return call(model, Duration.ofSeconds(50));
    }

    /** A call with so much time. */
    public static UpstreamCall call(String model, Duration timeout) {
        return new UpstreamCall("call-1", model, OptionalLong.empty(), timeout);
    }

    /** A request for pictures. */
    public static ImageRequest image(String json) {
        return ImageRequest.of(PlainJson.object(json), null, null);
    }

    /** A request to draw {@link #PNG} anew. */
    public static ImageRequest edit(String json) {
        return ImageRequest.of(PlainJson.object(json), PNG, null);
    }

    /** A request for a film. */
    public static VideoRequest video(String json) {
        return VideoRequest.of(PlainJson.object(json), null);
    }

    /** A request for a film that begins with {@link #PNG}. */
    public static VideoRequest videoFrom(String json) {
        return VideoRequest.of(PlainJson.object(json), PNG);
    }

    /** A file as an upstream hosts it. */
    public static Answer file(byte[] bytes) {
        return exchange -> {
            exchange.head(200, Map.of("Content-Type", "application/octet-stream"), bytes.length);
            exchange.body(bytes);
        };
    }

    /** What some work fails with. */
    public static UpstreamException failure(ThrowingCallable work) {
        return catchThrowableOfType(UpstreamException.class, work);
    }
}
