package io.synapse.gateway.providers.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.MediaCalls;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CloudflareTranscriptionTest {
    private static final String WHISPER = "@cf/openai/whisper";
    private static final String TURBO = "@cf/openai/whisper-large-v3-turbo";
    private static final String HELLO = CloudflareWire.envelope("{\"text\":\"Hello\"}");

    private final CloudflareWire wire = new CloudflareWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Transcript transcribe(String model, TranscriptionRequest request) throws UpstreamException {
        return wire.provider.transcribe(MediaCalls.call(model), request);
    }

    private Transcript answered(String model, String result) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, CloudflareWire.envelope(result)));
        return transcribe(model, MediaCalls.transcription(Map.of()));
    }

    @Test
    void whisper_is_sent_the_recording_as_it_is() throws Exception {
        wire.upstream.answer(Answer.json(200, HELLO));
        transcribe(WHISPER, MediaCalls.transcription(Map.of("temperature", "0", "response_format", "text")));
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST " + CloudflareWire.AI + "/run/@cf/openai/whisper");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + CloudflareWire.TOKEN);
        assertThat(arrived.header("Content-Type")).isEqualTo("audio/wav");
        assertThat(arrived.body()).isEqualTo(MediaCalls.SOUND.bytes());
    }

    @Test
    void turbo_is_sent_base64_and_what_the_caller_knows() throws Exception {
        wire.upstream.answer(Answer.json(200, HELLO));
        transcribe(TURBO, MediaCalls.transcription(Map.of("language", "en", "prompt", "Größe")));
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.path()).isEqualTo(CloudflareWire.AI + "/run/@cf/openai/whisper-large-v3-turbo");
        assertThat(arrived.header("Content-Type")).isEqualTo("application/json");
        assertThat(arrived.json())
                .isEqualTo(Map.of(
                        "audio",
                        Base64.getEncoder().encodeToString(MediaCalls.SOUND.bytes()),
                        "task",
                        "transcribe",
                        "language",
                        "en",
                        "initial_prompt",
                        "Größe"));
    }

    @Test
    void whisper_tells_words_and_subtitles() throws Exception {
        Transcript transcript = answered(
                WHISPER,
                "{\"text\":\"Hello there."
                    + " Bye.\",\"word_count\":3,\"words\":[{\"word\":\"Hello\",\"start\":0.0,\"end\":0.28},{\"word\":\"there.\",\"start\":0.28,\"end\":1}],\"vtt\":\"WEBVTT\\n"
                    + "\\n"
                    + "00.000 --> 01.000\\n"
                    + "Hello there.\\n"
                    + "\\n"
                    + "01:02.500 --> 01:00:03.004 align:start\\n"
                    + "Bye.\\n"
                    + "Bye.\\n"
                    + "\"}");
        assertThat(transcript.text()).isEqualTo("Hello there. Bye.");
        assertThat(transcript.language()).isNull();
        assertThat(transcript.words()).containsExactly(new Part(0, 280, "Hello"), new Part(280, 1_000, "there."));
        assertThat(transcript.segments())
                .containsExactly(new Part(0, 1_000, "Hello there."), new Part(62_500, 3_603_004, "Bye.\nBye."));
        assertThat(transcript.usage()).isNull();
    }

    @Test
    void turbo_tells_segments_with_words_the_language_and_the_length() throws Exception {
        Transcript transcript = answered(
                TURBO,
                "{\"transcription_info\":{\"language\":\"en\",\"language_probability\":0.99,\"duration\":4.1231,\"duration_after_vad\":3.9},\"text\":\"Hello."
                    + " Bye.\",\"word_count\":2,\"segments\":[{\"start\":0,"
                    + "\"end\":1.5,\"text\":\"Hello.\",\"words\":[{\"word\":\"Hello.\",\"start\":0.1,\"end\":1.5}]},"
                    + "{\"start\":2,\"end\":4,\"text\":\"Bye.\"}],\"vtt\":\"WEBVTT\"}");
        assertThat(transcript.language()).isEqualTo("english");
        assertThat(transcript.segments()).containsExactly(new Part(0, 1_500, "Hello."), new Part(2_000, 4_000, "Bye."));
        assertThat(transcript.words()).containsExactly(new Part(100, 1_500, "Hello."));
        assertThat(transcript.usage()).isEqualTo(Usage.of(Unit.MILLISECONDS, 4_124));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "\"a\"", "null", "1e99"})
    void length_that_was_not_measured_is_no_usage(String duration) throws Exception {
        assertThat(answered(TURBO, "{\"text\":\"\",\"transcription_info\":{\"duration\":" + duration + "}}")
                        .usage())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        WHISPER + ", language, en",
        WHISPER + ", prompt, Hello",
        WHISPER + ", temperature, 0.2",
        TURBO + ", temperature, 0.2"
    })
    void what_the_model_cannot_do_is_refused(String model, String field, String value) {
        UpstreamException refusal =
                MediaCalls.failure(() -> transcribe(model, MediaCalls.transcription(Map.of(field, value))));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(field);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"text\":7}",
                "{\"text\":\"a\",\"words\":[7]}",
                "{\"text\":\"a\",\"words\":[{\"word\":\"a\",\"start\":0}]}",
                "{\"text\":\"a\",\"words\":[{\"start\":0,\"end\":1}]}",
                "{\"text\":\"a\",\"segments\":[{\"text\":\"a\",\"start\":\"x\",\"end\":1}]}",
                "[]"
            })
    void lies_are_malformed(String result) {
        assertThat(MediaCalls.failure(() -> answered(WHISPER, result)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        TranscriptionRequest request = MediaCalls.transcription(Map.of());
        wire.upstream.answer(Answer.cut(30, Answer.json(200, HELLO)), Answer.stall());
        assertThat(MediaCalls.failure(() -> transcribe(TURBO, request)).kind()).isEqualTo(Kind.UNREACHABLE);
        UpstreamCall brief = MediaCalls.call(WHISPER, Duration.ofMillis(400));
        assertThat(MediaCalls.failure(() -> wire.provider.transcribe(brief, request))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaCalls.call(WHISPER);
        assertThat(MediaCalls.stopped(wire.upstream, call, () -> wire.provider.transcribe(call, request))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }
}
