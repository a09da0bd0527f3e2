package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** An upstream of sound and what tests of its adapters say and hear. */
public final class SoundWire implements AutoCloseable {
    /** A recording. */
    public static final Media RECORDING = new Media(bytes("RIFF\r\n--\r\n\u0000\u00FFsound"), "audio/wav");

    /** The upstream. */
    public final FakeUpstream upstream = new FakeUpstream();

    /** The client. */
    public final UpstreamHttp http = new UpstreamHttp();

    /** What a sink was told. */
    public static final class Heard implements SpeechSink {
        private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream sound = new ByteArrayOutputStream();
        private String type = "";

        @Override
        public void begins(String mediaType) {
            if (!type.isEmpty()) {
                throw new AssertionError("it began twice");
            }
            type = mediaType;
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            if (type.isEmpty()) {
                throw new AssertionError("it had not begun");
            }
            sound.write(buffer, offset, length);
            pieces.add(new String(buffer, offset, length, StandardCharsets.ISO_8859_1));
        }

        /** The media type; empty before the beginning. */
        public String type() {
            return type;
        }

        /** All of it, each byte as one character. */
        public String sound() {
            return sound.toString(StandardCharsets.ISO_8859_1);
        }

        /** The next piece; waits for it. */
        public String piece() throws InterruptedException {
            return pieces.poll(FakeUpstream.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Bytes, each written as one character. */
    public static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sound in pieces. */
    public static Answer sound(String type, String... pieces) {
        return exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", type));
            for (String each : pieces) {
                exchange.body(bytes(each));
            }
        };
    }

    /** A call with time enough. */
    public static UpstreamCall call(String model) {
        return call(model, Duration.ofSeconds(50));
    }

    /** A call with so much time. */
    public static UpstreamCall call(String model, Duration timeout) {
        return new UpstreamCall("call-1", model, OptionalLong.empty(), timeout);
    }

    /** A request to speak. */
    public static SpeechRequest speech(String json) {
        return SpeechRequest.of(PlainJson.object(json));
    }

    /** A request to write down the recording. */
    public static TranscriptionRequest transcription(Map<String, String> fields) {
        Map<String, Object> form = new LinkedHashMap<>(fields);
        form.put("model", "m");
        return TranscriptionRequest.of(form, List.of(), RECORDING, "talk.wav", 1_500);
    }

    /** What a call fails with. */
    public static UpstreamException failure(ThrowingCallable work) {
        return catchThrowableOfType(UpstreamException.class, work);
    }

    /** Starts a call on a thread of its own and stops it once it has reached the upstream; what it fails with. */
    public UpstreamException stopped(UpstreamCall call, ThrowingCallable work) throws Exception {
        FutureTask<UpstreamException> running = new FutureTask<>(() -> failure(work));
        Thread.ofVirtual().start(running);
        upstream.awaitRequests(1);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        UpstreamException failure = running.get(20, TimeUnit.SECONDS);
        upstream.awaitHangUps(1);
        return failure;
    }

    @Override
    public void close() {
        http.close();
        upstream.close();
    }
}
