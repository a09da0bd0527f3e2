package io.synapse.gateway.providers.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.SoundWire;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ElevenLabsTranscriptionTest {
    private static final String HELLO = "{\"text\":\"Hello\",\"words\":[]}";
    private static final TranscriptionRequest PLAIN = SoundWire.transcription(Map.of());

    private final SoundWire wire = new SoundWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        Map<String, String> settings =
                Map.of("ELEVENLABS_API_KEY", "sk_test_0123456789", "ELEVENLABS_BASE_URL", wire.upstream.uri() + "/");
        return ElevenLabsProvider.of(wire.http, settings::get).orElseThrow().transcribe(call, request);
    }

    private Transcript answered(String answer) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, answer));
        return transcribe(SoundWire.call("scribe_v1"), PLAIN);
    }

    private UpstreamException failure(Answer answer) {
        wire.upstream.answer(answer);
        return SoundWire.failure(() -> transcribe(SoundWire.call("scribe_v1"), PLAIN));
    }

    private static String text(String name, String value) {
        return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    @Test
    void form_that_reaches_the_upstream() throws Exception {
        wire.upstream.answer(Answer.json(200, HELLO));
        transcribe(
                SoundWire.call("scribe_v2"),
                SoundWire.transcription(
                        Map.of("language", "en", "temperature", "0.20", "response_format", "verbose_json")));
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/speech-to-text");
        assertThat(arrived.header("xi-api-key")).isEqualTo("sk_test_0123456789");
        String boundary = arrived.header("Content-Type").replace("multipart/form-data; boundary=", "");
        assertThat(new String(arrived.body(), StandardCharsets.ISO_8859_1).replace(boundary, "B"))
                .isEqualTo(text("model_id", "scribe_v2")
                        + text("language_code", "en")
                        + text("timestamps_granularity", "word")
                        + text("tag_audio_events", "false")
                        + text("temperature", "0.2")
                        + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"talk.wav\"\r\n"
                        + "Content-Type: audio/wav\r\n\r\nRIFF\r\n--\r\n\u0000\u00FFsound\r\n--B--\r\n");
    }

    @Test
    void transcript_with_its_times() throws Exception {
        Transcript transcript = answered("""
            {"language_code": "eng", "language_probability": 0.98, "text": "Hello there. Yes (laughs)",
             "words": [
                {"text": "Hello", "start": 0.1, "end": 0.4, "type": "word", "speaker_id": "s", "logprob": -0.1},
                {"text": " ", "start": 0.4, "end": 0.5, "type": "spacing"},
                {"text": "there.", "start": 0.5, "end": 0.9004, "type": "word"},
                {"text": " ", "start": null, "end": null, "type": "spacing"},
                {"text": "Yes", "start": 1, "end": 1.5, "type": "word"},
                {"text": " ", "type": "spacing"},
                {"text": "(laughs)", "start": 1.5, "end": 2, "type": "audio_event"}],
             "audio_duration_secs": 2.5001, "transcription_id": "t"}
            """);
        assertThat(transcript)
                .isEqualTo(new Transcript(
                        "Hello there. Yes (laughs)",
                        "english",
                        List.of(new Part(100, 900, "Hello there."), new Part(1_000, 2_000, " Yes (laughs)")),
                        List.of(
                                new Part(100, 400, "Hello"),
                                new Part(500, 900, "there."),
                                new Part(1_000, 1_500, "Yes")),
                        Usage.of(Unit.MILLISECONDS, 2_501)));
    }

    @Test
    void silence_is_a_transcript_without_words() throws Exception {
        assertThat(answered("{\"text\":\"\"}")).isEqualTo(new Transcript("", null, List.of(), List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"text\":null}",
                "{\"text\":\"x\",\"words\":[7]}",
                "{\"text\":\"x\",\"words\":[{\"type\":\"word\",\"start\":0,\"end\":1}]}",
                "{\"text\":\"x\",\"words\":[{\"type\":\"word\",\"text\":\"x\",\"start\":0}]}",
                "[]",
                "<html>"
            })
    void what_is_no_transcript_is_malformed(String answer) {
        assertThat(SoundWire.failure(() -> answered(answer)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void errors_silence_cut_and_stop() throws Exception {
        UpstreamException language = failure(
                Answer.json(422, "{\"detail\":[{\"loc\":[\"body\",\"language_code\"],\"msg\":\"Unknown language\"}]}"));
        assertThat(language.kind()).isEqualTo(Kind.REJECTED);
        assertThat(language.param()).isEqualTo("language");
        assertThat(language).hasMessage("Unknown language");
        assertThat(failure(Answer.cut(5, Answer.json(200, HELLO))).kind()).isEqualTo(Kind.UNREACHABLE);
        wire.upstream.answer(Answer.stall());
        UpstreamCall brief = SoundWire.call("m", Duration.ofMillis(400));
        assertThat(SoundWire.failure(() -> transcribe(brief, PLAIN)).kind()).isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = SoundWire.call("m");
        assertThat(wire.stopped(call, () -> transcribe(call, PLAIN)).kind()).isEqualTo(Kind.UNREACHABLE);
    }
}
