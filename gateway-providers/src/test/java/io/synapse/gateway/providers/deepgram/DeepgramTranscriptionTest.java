package io.synapse.gateway.providers.deepgram;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DeepgramTranscriptionTest {
    private static final String HELLO =
            "{\"results\":{\"channels\":[{\"alternatives\":[{\"transcript\":\"Hello\",\"words\":[]}]}]}}";
    private static final String NO_MODEL =
            "{\"err_code\":\"Bad Request\",\"err_msg\":\"Bad Request: No such model/language/tier combination"
                    + " found.\"}";
    private static final TranscriptionRequest PLAIN = SoundWire.transcription(Map.of());
    private static final TranscriptionRequest GERMAN = SoundWire.transcription(Map.of("language", "de"));

    private final SoundWire wire = new SoundWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        Map<String, String> settings = Map.of(
                "DEEPGRAM_API_KEY",
                "dg-test-0123456789",
                "DEEPGRAM_BASE_URL",
                wire.upstream.uri().toString());
        return DeepgramProvider.of(wire.http, settings::get).orElseThrow().transcribe(call, request);
    }

    private Transcript answered(String answer, TranscriptionRequest request) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, answer));
        return transcribe(SoundWire.call("nova-3"), request);
    }

    private UpstreamException failure(Answer answer, TranscriptionRequest request) {
        wire.upstream.answer(answer);
        return SoundWire.failure(() -> transcribe(SoundWire.call("nova-3"), request));
    }

    @Test
    void recording_is_the_body_and_everything_else_the_query() throws Exception {
        answered(HELLO, SoundWire.transcription(Map.of("language", "en", "temperature", "0")));
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST /v1/listen?model=nova-3&smart_format=true&language=en");
        assertThat(arrived.header("Authorization")).isEqualTo("Token dg-test-0123456789");
        assertThat(arrived.header("Content-Type")).isEqualTo("audio/wav");
        assertThat(arrived.body()).isEqualTo(SoundWire.RECORDING.bytes());
        answered(HELLO, PLAIN);
        assertThat(wire.upstream.requests().getLast().path())
                .isEqualTo("/v1/listen?model=nova-3&smart_format=true&detect_language=true");
    }

    @Test
    void transcript_with_its_times() throws Exception {
        Transcript transcript = answered("""
            {"metadata": {"request_id": "r", "sha256": "s", "created": "2026-11-21T00:00:00Z", "duration": 2.5001,
                "channels": 1, "models": ["m"]},
             "results": {"channels": [{"detected_language": "en", "alternatives": [
                {"transcript": "Hello there. Yes", "confidence": 0.99, "words": [
                    {"word": "hello", "punctuated_word": "Hello", "start": 0.1, "end": 0.4, "confidence": 0.9},
                    {"word": "there", "punctuated_word": "there.", "start": 0.5, "end": 0.9004, "confidence": 0.9},
                    {"word": "yes", "start": 1, "end": 1.5, "confidence": 0.9, "speaker": 0}]}]}]}}
            """, PLAIN);
        assertThat(transcript)
                .isEqualTo(new Transcript(
                        "Hello there. Yes",
                        "english",
                        List.of(new Part(100, 900, " Hello there."), new Part(1_000, 1_500, " yes")),
                        List.of(
                                new Part(100, 400, "Hello"),
                                new Part(500, 900, "there."),
                                new Part(1_000, 1_500, "yes")),
                        Usage.of(Unit.MILLISECONDS, 2_501)));
    }

    @Test
    void what_is_not_told_is_not_known() throws Exception {
        assertThat(answered(HELLO, PLAIN)).isEqualTo(new Transcript("Hello", null, List.of(), List.of(), null));
        assertThat(answered(HELLO, GERMAN).language()).isEqualTo("german");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"results\":{}}",
                "{\"results\":{\"channels\":[]}}",
                "{\"results\":{\"channels\":[{\"alternatives\":[]}]}}",
                "{\"results\":{\"channels\":[{\"alternatives\":[{}]}]}}",
                "{\"results\":{\"channels\":[{\"alternatives\":[{\"transcript\":\"x\",\"words\":[7]}]}]}}",
                "{\"results\":{\"channels\":[{\"alternatives\":[{\"transcript\":\"x\",\"words\":[{\"word\":\"x\",\"start\":0}]}]}]}}",
                "{\"request_id\":\"r\"}",
                "<html>"
            })
    void what_is_no_transcript_is_malformed(String answer) {
        assertThat(SoundWire.failure(() -> answered(answer, PLAIN)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void missing_model_and_unknown_language_are_told_apart() {
        assertThat(failure(Answer.json(400, NO_MODEL), PLAIN).kind()).isEqualTo(Kind.MODEL_GONE);
        UpstreamException language = failure(Answer.json(400, NO_MODEL), GERMAN);
        assertThat(language.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(language.param()).isEqualTo("language");
    }

    @Test
    void errors_silence_cut_and_stop() throws Exception {
        UpstreamException corrupt = failure(
                Answer.json(
                        400,
                        "{\"err_code\":\"Bad Request\",\"err_msg\":\"Bad Request: failed to process audio: corrupt or"
                                + " unsupported data\"}"),
                PLAIN);
        assertThat(corrupt.kind()).isEqualTo(Kind.REJECTED);
        assertThat(corrupt.param()).isEqualTo("file");
        assertThat(failure(Answer.json(400, "{\"err_msg\":\"m\"}"), PLAIN).param())
                .isNull();
        assertThat(failure(Answer.json(401, "{\"err_msg\":\"m\"}"), PLAIN).kind())
                .isEqualTo(Kind.UNAUTHORIZED);
        assertThat(failure(Answer.cut(5, Answer.json(200, HELLO)), PLAIN).kind())
                .isEqualTo(Kind.UNREACHABLE);
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
