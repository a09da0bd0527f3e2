package io.synapse.gateway.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GeminiSpeechTest {
    private static final String MODEL = "gemini-3.8-flash-tts";
    private static final byte[] SAMPLES = {1, 2, 3, 4, 5, 6};
    private static final String L16 = "audio/L16;codec=pcm;rate=24000";

    private final GeminiWire wire = new GeminiWire();
    private final Ears ears = new Ears();

    @AfterEach
    void close() {
        wire.close();
    }

    /** Remembers what it hears. */
    private static final class Ears implements SpeechSink {
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private @Nullable String type;

        @Override
        public void begins(String mediaType) {
            type = mediaType;
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            heard.write(buffer, offset, length);
        }
    }

    private static String sound(byte[] bytes, String type, String reason) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"inlineData\":{\"mimeType\":\"" + type
                + "\",\"data\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}}]},\"finishReason\":\"" + reason
                + "\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":8,\"candidatesTokenCount\":48}}";
    }

    private void speak(String model, String request) throws UpstreamException {
        assertThat(wire.provider.speak(GeminiWire.call(model), SpeechRequest.of(PlainJson.object(request)), ears))
                .isNull();
    }

    private UpstreamException failed(String answer) {
        wire.upstream.answer(Answer.json(200, answer));
        UpstreamException failure = GeminiWire.failure(() -> speak(MODEL, "{\"input\":\"Hello\"}"));
        assertThat(ears.type).isNull();
        return failure;
    }

    @Test
    void request_of_today() throws Exception {
        wire.upstream.answer(Answer.json(200, sound(SAMPLES, L16, "STOP")));
        speak(
                MODEL,
                "{\"model\":\"m\",\"input\":\"Hello\",\"voice\":\"Puck\",\"instructions\":\"Cheerfully\",\"speed\":1,"
                    + "\"user\":\"u\",\"providerOptions\":{\"gemini\":{\"generationConfig\":{\"temperature\":1}}}}");
        assertThat(wire.posted("/models/gemini-3.8-flash-tts:generateContent")).isEqualTo(PlainJson.object("""
            {"contents":[{"role":"user","parts":[{"text":"Hello","speechMetadata":{"style":"Cheerfully"}}]}],
             "generationConfig":{"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":{"voice":"Puck"}},
               "temperature":1}}
            """));
    }

    @Test
    void instructions_that_say_nothing_are_none() throws Exception {
        wire.upstream.answer(Answer.json(200, sound(SAMPLES, L16, "STOP")));
        speak(MODEL, "{\"input\":\"Hello\",\"instructions\":\" \"}");
        assertThat(wire.upstream.lastRequest().json().get("contents"))
                .isEqualTo(List.of(Map.of("role", "user", "parts", List.of(Map.of("text", "Hello")))));
    }

    @Test
    void request_to_models_of_old() throws Exception {
        wire.upstream.answer(Answer.json(200, sound(SAMPLES, L16, "STOP")));
        speak("gemini-2.5-flash-preview-tts", "{\"input\":\"Hello\",\"instructions\":\"Say cheerfully\"}");
        assertThat(wire.posted("/models/gemini-2.5-flash-preview-tts:generateContent"))
                .isEqualTo(PlainJson.object("""
                    {"contents":[{"role":"user","parts":[{"text":"Say cheerfully:\\nHello"}]}],
                     "generationConfig":{"responseModalities":["AUDIO"],"speechConfig":
                       {"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}}
                    """));
    }

    @ParameterizedTest
    @CsvSource({"audio/L16;codec=pcm;rate=24000,24000", "audio/l16; rate=16000; channels=1,16000", "audio/pcm,24000"})
    void samples_become_a_file_that_players_open(String type, float rate) throws Exception {
        wire.upstream.answer(Answer.json(200, sound(SAMPLES, type, "STOP")));
        speak(MODEL, "{\"input\":\"Hello\"}");
        assertThat(ears.type).isEqualTo("audio/wav");
        try (AudioInputStream opened =
                AudioSystem.getAudioInputStream(new ByteArrayInputStream(ears.heard.toByteArray()))) {
            assertThat(opened.getFormat().matches(new AudioFormat(rate, 16, 1, true, false)))
                    .isTrue();
            assertThat(opened.readAllBytes()).isEqualTo(SAMPLES);
        }
        assertThat(ears.heard.size()).isEqualTo(44 + SAMPLES.length);
    }

    @Test
    void samples_as_they_are() throws Exception {
        wire.upstream.answer(Answer.json(200, sound(SAMPLES, L16, "STOP")));
        speak(MODEL, "{\"input\":\"Hello\",\"response_format\":\"pcm\"}");
        assertThat(ears.type).isEqualTo("audio/pcm;rate=24000;channels=1");
        assertThat(ears.heard.toByteArray()).isEqualTo(SAMPLES);
    }

    @Test
    void file_from_the_upstream_is_opened_and_made_whole() throws Exception {
        byte[] wav = GeminiWire.bytes("RIFF\u00FF\u00FF\u00FF\u00FFWAVEfmt \u0010\0\0\0\1\0\1\0\u0080>\0\0\0}\0\0"
                + "\2\0\u0010\0LIST\3\0\0\0abc\0data\u00FF\u00FF\u00FF\u00FF\1\2\3\4\5\6");
        wire.upstream.answer(
                Answer.json(200, sound(wav, "audio/wav", "STOP")), Answer.json(200, sound(wav, "audio/wav", "STOP")));
        speak(MODEL, "{\"input\":\"Hello\",\"response_format\":\"pcm\"}");
        assertThat(ears.type).isEqualTo("audio/pcm;rate=16000;channels=1");
        assertThat(ears.heard.toByteArray()).isEqualTo(SAMPLES);
        ears.heard.reset();
        speak(MODEL, "{\"input\":\"Hello\",\"response_format\":\"wav\"}");
        try (AudioInputStream opened =
                AudioSystem.getAudioInputStream(new ByteArrayInputStream(ears.heard.toByteArray()))) {
            assertThat(opened.getFrameLength()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"response_format\":\"mp3\" | response_format",
                "\"response_format\":\"opus\" | response_format",
                "\"speed\":1.5 | speed"
            })
    void what_it_cannot_do_is_refused_before_anything_is_sent(String field, String param) {
        UpstreamException failure = GeminiWire.failure(() -> speak(MODEL, "{\"input\":\"Hello\"," + field + "}"));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void what_the_gateway_decides_is_no_option() {
        UpstreamException failure = GeminiWire.failure(() -> speak(
                MODEL,
                "{\"input\":\"Hello\",\"providerOptions\":{\"gemini\":{\"generationConfig\":{\"speechConfig\":1}}}}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SAFETY,REJECTED", "PROHIBITED_CONTENT,REJECTED", "OTHER,FAILED", "MAX_TOKENS,FAILED"})
    void sound_that_is_not_whole_is_never_handed_on(String reason, Kind kind) {
        UpstreamException failure = failed(sound(SAMPLES, L16, reason));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.param()).isEqualTo(kind == Kind.REJECTED ? "input" : null);
    }

    @Test
    void blocked_text_is_a_refusal() {
        UpstreamException failure = failed("{\"promptFeedback\":{\"blockReason\":\"OTHER\"}}");
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("input");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "<html></html>",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hello\"}]},\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/L16\",\"data\":\"AAA=\"}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/L16\",\"data\":\"?\"}}]},"
                    + "\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/L16\",\"data\":\"\"}}]},"
                    + "\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/L16\",\"data\":\"AAAA\"}}]},"
                    + "\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/mpeg\",\"data\":\"AAA=\"}}]},"
                    + "\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":"
                        + "\"UklGRgAAAABXQVZF\"}}]},\"finishReason\":\"STOP\"}]}"
            })
    void what_is_no_sound_is_malformed(String answer) {
        assertThat(failed(answer).kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "generation_config.speech_config.voice, voice",
        "contents[0].parts[0].speech_metadata.style, instructions",
        "contents[0].parts[0].text, input",
        "generation_config.of_tomorrow, "
    })
    void field_at_fault_has_the_callers_name(String theirs, String ours) {
        wire.upstream.answer(Answer.json(
                400, GeminiFormat.error(400, "INVALID_ARGUMENT", "Invalid value at '" + theirs + "'", null)));
        UpstreamException failure = GeminiWire.failure(() -> speak(MODEL, "{\"input\":\"Hello\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo(ours);
    }

    @Test
    void exception_of_the_sink_passes_through() {
        wire.upstream.answer(Answer.json(200, sound(SAMPLES, L16, "STOP")));
        SpeechSink deaf = new SpeechSink() {
            @Override
            public void begins(String type) {
                throw new IllegalStateException("enough");
            }

            @Override
            public void bytes(byte[] buffer, int offset, int length) {
                throw new AssertionError("had enough before");
            }
        };
        assertThatIllegalStateException()
                .isThrownBy(() -> wire.provider.speak(
                        GeminiWire.call(MODEL), SpeechRequest.of(PlainJson.object("{\"input\":\"a\"}")), deaf))
                .withMessage("enough");
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        wire.upstream.answer(
                Answer.cut(30, Answer.json(200, sound(SAMPLES, L16, "STOP"))), Answer.stall(), Answer.stall());
        assertThat(GeminiWire.failure(() -> speak(MODEL, "{\"input\":\"a\"}")).kind())
                .isEqualTo(Kind.UNREACHABLE);
        SpeechRequest request = SpeechRequest.of(PlainJson.object("{\"input\":\"a\"}"));
        assertThat(GeminiWire.failure(() ->
                                wire.provider.speak(GeminiWire.call(MODEL, Duration.ofMillis(400)), request, ears))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        UpstreamCall call = GeminiWire.call(MODEL);
        assertThat(wire.stopped(call, 3, () -> wire.provider.speak(call, request, ears))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
        assertThat(ears.type).isNull();
    }
}
