package io.synapse.gateway.providers.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

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
class HuggingFaceTranscriptionTest {
    private static final String MODEL = "openai/whisper-large-v3";
    private static final Map<String, String> TIMED = Map.of("response_format", "verbose_json");

    private final HuggingFaceWire wire = new HuggingFaceWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Transcript transcribe(TranscriptionRequest request) throws UpstreamException {
        return wire.provider.transcribe(MediaCalls.call(MODEL), request);
    }

    private Transcript answered(String answer, Map<String, String> fields) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, answer));
        return transcribe(MediaCalls.transcription(fields));
    }

    @Test
    void recording_is_sent_as_it_is() throws Exception {
        Transcript transcript = answered("{\"text\":\" Hello\"}", Map.of("temperature", "0"));
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST /hf-inference/models/openai/whisper-large-v3");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + HuggingFaceWire.TOKEN);
        assertThat(arrived.header("Content-Type")).isEqualTo("audio/wav");
        assertThat(arrived.body()).isEqualTo(MediaCalls.SOUND.bytes());
        assertThat(transcript.text()).isEqualTo(" Hello");
        assertThat(transcript.segments()).isEmpty();
        assertThat(transcript.usage()).isNull();
    }

    @Test
    void times_are_asked_for_within_json() throws Exception {
        Transcript transcript = answered(
                "{\"text\":\"Hello. Bye\",\"chunks\":[{\"text\":\"Hello.\",\"timestamp\":[0.0,1.04]},"
                        + "{\"text\":\"Bye\",\"timestamp\":[1.04,null]},"
                        + "{\"text\":\"!\",\"timestamp\":[1.5,1.2]}]}",
                TIMED);
        assertThat(wire.upstream.lastRequest().json())
                .isEqualTo(Map.of(
                        "inputs",
                        Base64.getEncoder().encodeToString(MediaCalls.SOUND.bytes()),
                        "parameters",
                        Map.of("return_timestamps", true)));
        assertThat(transcript.segments())
                .containsExactly(
                        new Part(0, 1_040, "Hello."), new Part(1_040, 1_500, "Bye"), new Part(1_500, 1_500, "!"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"verbose_json", "srt", "vtt"})
    void formats_with_times_ask_for_them(String format) throws Exception {
        answered("{\"text\":\"\",\"chunks\":[]}", Map.of("response_format", format));
        assertThat(wire.upstream.lastRequest().json()).containsEntry("parameters", Map.of("return_timestamps", true));
    }

    @Test
    void segments_are_asked_for_by_their_name_too() throws Exception {
        wire.upstream.answer(Answer.json(200, "{\"text\":\"\",\"chunks\":[]}"));
        transcribe(MediaCalls.transcription(Map.of("response_format", "verbose_json"), "segment"));
        assertThat(wire.upstream.lastRequest().json()).containsKey("parameters");
    }

    @ParameterizedTest
    @CsvSource({"language, en", "prompt, Hello", "temperature, 0.2"})
    void what_the_task_does_not_take_is_refused(String field, String value) {
        UpstreamException refusal =
                MediaCalls.failure(() -> transcribe(MediaCalls.transcription(Map.of(field, value))));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(field);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void times_of_words_are_refused() {
        UpstreamException refusal = MediaCalls.failure(() ->
                transcribe(MediaCalls.transcription(Map.of("response_format", "verbose_json"), "segment", "word")));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo("timestamp_granularities[]");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "[]",
                "{}",
                "{\"text\":7}",
                "{\"text\":\"a\"}",
                "{\"text\":\"a\",\"chunks\":[7]}",
                "{\"text\":\"a\",\"chunks\":[{\"text\":\"a\"}]}",
                "{\"text\":\"a\",\"chunks\":[{\"text\":\"a\",\"timestamp\":[1]}]}",
                "{\"text\":\"a\",\"chunks\":[{\"text\":\"a\",\"timestamp\":[null,1]}]}",
                "{\"text\":\"a\",\"chunks\":[{\"timestamp\":[0,1]}]}"
            })
    void lies_are_malformed(String answer) {
        assertThat(MediaCalls.failure(() -> answered(answer, TIMED)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        TranscriptionRequest request = MediaCalls.transcription(Map.of());
        wire.upstream.answer(Answer.cut(3, Answer.json(200, "{\"text\":\"\"}")), Answer.stall());
        assertThat(MediaCalls.failure(() -> transcribe(request)).kind()).isEqualTo(Kind.UNREACHABLE);
        UpstreamCall brief = MediaCalls.call(MODEL, Duration.ofMillis(400));
        assertThat(MediaCalls.failure(() -> wire.provider.transcribe(brief, request))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaCalls.call(MODEL);
        assertThat(MediaCalls.stopped(wire.upstream, call, () -> wire.provider.transcribe(call, request))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }
}
