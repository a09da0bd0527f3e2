package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamHttp;
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

/** An upstream, and what presets make of it. */
final class MediaWire implements AutoCloseable {
    static final Media PNG = new Media(bytes("\u0089PNG\r\n\u001a\npicture"), "image/png");
    static final Media SOUND = new Media(bytes("RIFF\r\n--\r\n\u0000\u00FFsound"), "audio/wav");

    final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();

    /** The provider that a preset makes, as what it should be able to do. */
    <T> T provider(OpenAiPreset preset, Class<T> capability) {
        Map<String, String> settings = Map.of(
                preset.settingPrefix() + "_API_KEY",
                "sk-test-0123456789",
                preset.settingPrefix() + "_BASE_URL",
                upstream.uri() + "/v1");
        return capability.cast(preset.provider(http, settings::get).orElseThrow());
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

    static EmbeddingRequest embedding(String json) {
        return EmbeddingRequest.of(PlainJson.object(json));
    }

    static ImageRequest image(String json) {
        return ImageRequest.of(PlainJson.object(json), null, null);
    }

    static SpeechRequest speech(String json) {
        return SpeechRequest.of(PlainJson.object(json));
    }

    static TranscriptionRequest transcription(Map<String, String> fields, String... granularities) {
        Map<String, Object> form = new LinkedHashMap<>(fields);
        form.put("model", "m");
        return TranscriptionRequest.of(form, List.of(granularities), SOUND, "talk.wav", 1_500);
    }

    static UpstreamException failure(ThrowingCallable work) {
        return catchThrowableOfType(UpstreamException.class, work);
    }

    /** Starts a call on a thread of its own and stops it once it has reached the upstream; what it fails with. */
    UpstreamException stopped(UpstreamCall call, ThrowingCallable work) throws Exception {
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
