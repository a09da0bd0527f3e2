package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenAiTranscriptionTest {
    private static final String HELLO = "{\"text\":\"Hello\"}";

    private final MediaWire wire = new MediaWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Transcript transcribe(OpenAiPreset preset, String model, TranscriptionRequest request)
            throws UpstreamException {
        return wire.provider(preset, TranscriptionProvider.class).transcribe(MediaWire.call(model), request);
    }

    private Transcript answered(String answer) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, answer));
        return transcribe(OpenAiPreset.GROQ, "whisper-large-v3", MediaWire.transcription(Map.of()));
    }

    private List<String> sent(OpenAiPreset preset, String model, TranscriptionRequest request) throws Exception {
        wire.upstream.answer(Answer.json(200, HELLO));
        transcribe(preset, model, request);
        return Form.of(wire.upstream.requests().getLast()).lines();
    }

    @Test
    void form_that_reaches_the_upstream() throws Exception {
        List<String> lines = sent(
                OpenAiPreset.GROQ,
                "whisper-large-v3-turbo",
                MediaWire.transcription(
                        Map.of(
                                "language", "en",
                                "prompt", "Größe, \"Ω\"",
                                "temperature", "0.20",
                                "response_format", "verbose_json",
                                "of_tomorrow", "1"),
                        "word",
                        "segment"));
        assertThat(lines.subList(0, 7))
                .containsExactly(
                        "model=whisper-large-v3-turbo",
                        "language=en",
                        "prompt=Größe, \"Ω\"",
                        "temperature=0.2",
                        "response_format=verbose_json",
                        "timestamp_granularities[]=segment",
                        "timestamp_granularities[]=word");
        assertThat(lines).hasSize(8);
        assertThat(lines.getLast()).startsWith("file=talk.wav|audio/wav|");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/audio/transcriptions");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer sk-test-0123456789");
        assertThat(Form.of(arrived).parts().getLast().bytes()).isEqualTo(MediaWire.SOUND.bytes());
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, whisper-1, verbose_json",
        "OPENAI, Systran/Faster-Whisper-Large, verbose_json",
        "OPENAI, gpt-4o-transcribe, json",
        "OPENAI, gpt-4o-mini-transcribe, json",
        "OPENAI, gpt-transcribe, json",
        "GROQ, whisper-large-v3-turbo, verbose_json"
    })
    void format_is_the_fullest_that_the_model_has(OpenAiPreset preset, String model, String format) throws Exception {
        List<String> lines = sent(preset, model, MediaWire.transcription(Map.of("temperature", "0")));
        assertThat(lines.subList(0, 3)).containsExactly("model=" + model, "temperature=0", "response_format=" + format);
        assertThat(lines).hasSize(4);
    }

    @Test
    void subtitles_are_made_of_segments() throws Exception {
        for (String format : new String[] {"srt", "vtt"}) {
            assertThat(sent(
                            OpenAiPreset.OPENAI,
                            "whisper-1",
                            MediaWire.transcription(Map.of("response_format", format))))
                    .contains("response_format=verbose_json")
                    .noneMatch(line -> line.startsWith("timestamp"));
        }
    }

    @Test
    void times_that_the_model_does_not_tell_are_refused() {
        for (String format : new String[] {"verbose_json", "srt", "vtt"}) {
            UpstreamException failure = MediaWire.failure(() -> transcribe(
                    OpenAiPreset.OPENAI,
                    "gpt-4o-transcribe",
                    MediaWire.transcription(Map.of("response_format", format))));
            assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
            assertThat(failure.param()).isEqualTo("response_format");
        }
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> MediaWire.transcription(Map.of("response_format", "srt"), "word"))
                .satisfies(e -> assertThat(e.param()).isEqualTo("timestamp_granularities[]"));
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void transcript_with_its_times() throws Exception {
        Transcript transcript = answered("{\"task\":\"transcribe\",\"language\":\"english\",\"duration\":8.4701,"
                + "\"text\":\" Hello there\",\"words\":[{\"word\":\"Hello\",\"start\":0.0,\"end\":0.2405}],"
                + "\"segments\":[{\"id\":0,\"start\":0,\"end\":3.3199999332427979,\"text\":\" Hello\",\"tokens\":[1]},"
                + "{\"id\":1,\"start\":3.32,\"end\":8.47,\"text\":\" there\"}],"
                + "\"usage\":{\"type\":\"duration\",\"seconds\":9},\"x_groq\":{\"id\":\"req_1\"}}");
        assertThat(transcript.text()).isEqualTo(" Hello there");
        assertThat(transcript.language()).isEqualTo("english");
        assertThat(transcript.words()).containsExactly(new Transcript.Part(0, 241, "Hello"));
        assertThat(transcript.segments())
                .containsExactly(new Transcript.Part(0, 3_320, " Hello"), new Transcript.Part(3_320, 8_470, " there"));
        assertThat(transcript.usage()).isEqualTo(Usage.of(Unit.MILLISECONDS, 8_471));
    }

    @Test
    void plain_transcript_has_no_times() throws Exception {
        Transcript transcript = answered("{\"text\":\"\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":14,"
                + "\"output_tokens\":45,\"total_tokens\":59}}");
        assertThat(transcript).isEqualTo(new Transcript("", null, List.of(), List.of(), null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"usage\":{\"type\":\"duration\",\"seconds\":9} | 9000",
                "\"duration\":\"8.47\" | 8470",
                "\"duration\":1E+1 | 10000",
                "\"duration\":0 | ",
                "\"duration\":-1 | ",
                "\"duration\":1e400000000 | ",
                "\"duration\":\"soon\" | ",
                "\"duration\":9999999999999 | ",
                "\"usage\":{\"seconds\":9} | "
            })
    void duration_is_the_usage_if_it_is_one(String field, Long millis) throws Exception {
        assertThat(answered("{\"text\":\"x\"," + field + "}").usage())
                .isEqualTo(millis == null ? null : Usage.of(Unit.MILLISECONDS, millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"text\":null}",
                "{\"text\":\"x\",\"segments\":[7]}",
                "{\"text\":\"x\",\"segments\":[{\"start\":0,\"text\":\"x\"}]}",
                "{\"text\":\"x\",\"segments\":[{\"start\":0,\"end\":-1,\"text\":\"x\"}]}",
                "{\"text\":\"x\",\"words\":[{\"start\":0,\"end\":1,\"text\":\"x\"}]}",
                "just text"
            })
    void what_is_no_transcript_is_malformed(String answer) {
        assertThat(MediaWire.failure(() -> answered(answer)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void errors_silence_cut_and_stop() throws Exception {
        TranscriptionProvider provider = wire.provider(OpenAiPreset.GROQ, TranscriptionProvider.class);
        TranscriptionRequest request = MediaWire.transcription(Map.of());
        wire.upstream.answer(
                Answer.json(413, "{\"error\":{\"message\":\"Too large\",\"type\":\"invalid_request_error\"}}"),
                Answer.json(401, "{\"error\":{\"code\":\"invalid_api_key\"}}"),
                Answer.cut(5, Answer.json(200, HELLO)),
                Answer.reset(),
                Answer.stall());
        for (Kind kind : new Kind[] {Kind.REJECTED, Kind.UNAUTHORIZED, Kind.UNREACHABLE, Kind.UNREACHABLE}) {
            assertThat(MediaWire.failure(() -> provider.transcribe(MediaWire.call("m"), request))
                            .kind())
                    .isEqualTo(kind);
        }
        UpstreamCall brief = MediaWire.call("m", Duration.ofMillis(400));
        assertThat(MediaWire.failure(() -> provider.transcribe(brief, request)).kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaWire.call("m");
        assertThat(wire.stopped(call, () -> provider.transcribe(call, request)).kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }
}
