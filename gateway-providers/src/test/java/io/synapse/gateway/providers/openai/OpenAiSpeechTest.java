package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Gate;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenAiSpeechTest {
    private static final Answer MP3 = sound("audio/mpeg", "one", "two");

    private final MediaWire wire = new MediaWire();

    @AfterEach
    void close() {
        wire.close();
    }

    /** What a sink was told, piece by piece. */
    private static final class Heard implements SpeechSink {
        private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream sound = new ByteArrayOutputStream();
        private String type = "";

        @Override
        public void begins(String mediaType) {
            assertThat(type).isEmpty();
            type = mediaType;
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            assertThat(type).isNotEmpty();
            sound.write(buffer, offset, length);
            pieces.add(new String(buffer, offset, length, StandardCharsets.ISO_8859_1));
        }
    }

    private static Answer sound(String type, String... pieces) {
        return exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", type));
            for (String each : pieces) {
                exchange.body(MediaWire.bytes(each));
            }
        };
    }

    private Heard speak(OpenAiPreset preset, String model, String request) throws UpstreamException {
        Heard heard = new Heard();
        assertThat(wire.provider(preset, SpeechProvider.class)
                        .speak(MediaWire.call(model), MediaWire.speech(request), heard))
                .isNull();
        return heard;
    }

    private UpstreamException failure(Answer answer, SpeechSink sink) {
        wire.upstream.answer(answer);
        return MediaWire.failure(() -> wire.provider(OpenAiPreset.OPENAI, SpeechProvider.class)
                .speak(MediaWire.call("tts-1"), MediaWire.speech("{\"input\":\"Hi\"}"), sink));
    }

    static Stream<Arguments> requests() {
        String full = "{\"model\":\"m\",\"input\":\"Hi\",\"voice\":\"nova\",\"response_format\":\"flac\",\"speed\":1.5,"
                + "\"instructions\":\"Softly\",\"user\":\"u\",\"of_tomorrow\":1,\"providerOptions\":{\"groq\":"
                + "{\"sample_rate\":24000}}}";
        return Stream.of(
                arguments(
                        OpenAiPreset.OPENAI,
                        "gpt-4o-mini-tts",
                        full,
                        "{\"model\":\"gpt-4o-mini-tts\",\"input\":\"Hi\",\"voice\":\"nova\",\"response_format\":\"flac\","
                            + "\"speed\":1.5,\"instructions\":\"Softly\"}"),
                arguments(
                        OpenAiPreset.OPENAI,
                        "tts-1",
                        "{\"input\":\"Hi\"}",
                        "{\"model\":\"tts-1\",\"input\":\"Hi\",\"voice\":\"alloy\"}"),
                arguments(
                        OpenAiPreset.GROQ,
                        "canopylabs/orpheus-v1-english",
                        full.replaceFirst("\"instructions\":\"[^\"]*\",", "").replace("flac", "wav"),
                        "{\"model\":\"canopylabs/orpheus-v1-english\",\"input\":\"Hi\",\"voice\":\"nova\","
                                + "\"response_format\":\"wav\",\"speed\":1.5,\"sample_rate\":24000}"),
                arguments(
                        OpenAiPreset.GROQ,
                        "canopylabs/orpheus-v1-english",
                        "{\"input\":\"Hi\"}",
                        "{\"model\":\"canopylabs/orpheus-v1-english\",\"input\":\"Hi\",\"voice\":\"autumn\","
                                + "\"response_format\":\"wav\"}"),
                arguments(
                        OpenAiPreset.GROQ,
                        "canopylabs/orpheus-arabic-saudi",
                        "{\"input\":\"Hi\"}",
                        "{\"model\":\"canopylabs/orpheus-arabic-saudi\",\"input\":\"Hi\",\"voice\":\"abdullah\","
                                + "\"response_format\":\"wav\"}"),
                arguments(
                        OpenAiPreset.GROQ,
                        "another",
                        "{\"input\":\"Hi\"}",
                        "{\"model\":\"another\",\"input\":\"Hi\",\"response_format\":\"wav\"}"),
                arguments(
                        OpenAiPreset.GROQ,
                        "another",
                        "{\"input\":\"Hi\",\"response_format\":\"mp3\"}",
                        "{\"model\":\"another\",\"input\":\"Hi\",\"response_format\":\"mp3\"}"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void what_reaches_the_upstream(OpenAiPreset preset, String model, String request, String sent) throws Exception {
        wire.upstream.answer(MP3);
        speak(preset, model, request);
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/audio/speech");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer sk-test-0123456789");
        assertThat(arrived.json()).isEqualTo(PlainJson.object(sent));
    }

    @Test
    void sound_is_passed_on_piece_by_piece() throws Exception {
        Gate gate = new Gate();
        wire.upstream.answer(exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", "audio/mpeg"));
            exchange.body("first");
            exchange.await(gate);
            exchange.body("second");
        });
        Heard heard = new Heard();
        SpeechProvider provider = wire.provider(OpenAiPreset.OPENAI, SpeechProvider.class);
        FutureTask<Object> running = new FutureTask<>(
                () -> provider.speak(MediaWire.call("tts-1"), MediaWire.speech("{\"input\":\"Hi\"}"), heard));
        Thread.ofVirtual().start(running);
        assertThat(heard.pieces.poll(FakeUpstream.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("first");
        assertThat(running).isNotDone();
        gate.open();
        running.get(20, TimeUnit.SECONDS);
        assertThat(heard.type).isEqualTo("audio/mpeg");
        assertThat(heard.sound.toString(StandardCharsets.ISO_8859_1)).isEqualTo("firstsecond");
    }

    @Test
    void long_sound_arrives_as_it_left_and_the_connection_serves_the_next() throws Exception {
        String long1 = "\u0000\u00FF\r\nabc".repeat(20_000);
        wire.upstream.answer(sound("audio/mpeg", long1, "end"), MP3);
        SpeechProvider provider = wire.provider(OpenAiPreset.OPENAI, SpeechProvider.class);
        Heard heard = new Heard();
        provider.speak(MediaWire.call("tts-1"), MediaWire.speech("{\"input\":\"Hi\"}"), heard);
        assertThat(heard.sound.toByteArray()).isEqualTo(MediaWire.bytes(long1 + "end"));
        provider.speak(MediaWire.call("tts-1"), MediaWire.speech("{\"input\":\"Hi\"}"), new Heard());
        assertThat(wire.upstream.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "audio/L16; rate=24000, pcm, audio/L16; rate=24000",
        "Audio/WAV, mp3, Audio/WAV",
        "audio/wav; x=ä, mp3, audio/mpeg",
        "application/octet-stream, mp3, audio/mpeg",
        "application/octet-stream, wav, audio/wav",
        "application/octet-stream, opus, audio/ogg",
        "application/octet-stream, aac, audio/aac",
        "application/octet-stream, flac, audio/flac",
        "application/octet-stream, pcm, audio/pcm"
    })
    void media_type_is_the_upstreams_or_that_of_the_format(String said, String format, String told) throws Exception {
        wire.upstream.answer(sound(said, "x"));
        assertThat(speak(OpenAiPreset.OPENAI, "tts-1", "{\"input\":\"Hi\",\"response_format\":\"" + format + "\"}")
                        .type)
                .isEqualTo(told);
    }

    @Test
    void sound_without_a_type_is_what_the_upstream_makes_by_itself() throws Exception {
        wire.upstream.answer(Answer.whole(200, Map.of(), "x"), Answer.whole(200, Map.of(), "x"));
        assertThat(speak(OpenAiPreset.OPENAI, "tts-1", "{\"input\":\"Hi\"}").type)
                .isEqualTo("audio/mpeg");
        assertThat(speak(OpenAiPreset.GROQ, "m", "{\"input\":\"Hi\"}").type).isEqualTo("audio/wav");
    }

    @Test
    void what_is_no_sound_never_begins() {
        Heard heard = new Heard();
        assertThat(failure(Answer.json(200, "{\"ok\":true}"), heard).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure(sound("audio/mpeg"), heard).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure(Answer.whole(200, Map.of("Content-Type", "text/html"), "<html>"), heard)
                        .kind())
                .isEqualTo(Kind.MALFORMED);
        assertThat(failure(Answer.events("{}"), heard).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure(Answer.json(200, "{\"error\":{\"code\":\"insufficient_quota\"}}"), heard)
                        .kind())
                .isEqualTo(Kind.QUOTA_EXHAUSTED);
        UpstreamException refused = failure(
                Answer.json(
                        400,
                        "{\"error\":{\"message\":\"No such"
                                + " voice\",\"type\":\"invalid_request_error\",\"param\":\"voice\",\"code\":null}}"),
                heard);
        assertThat(refused.kind()).isEqualTo(Kind.REJECTED);
        assertThat(refused.param()).isEqualTo("voice");
        assertThat(failure(Answer.json(429, Map.of("Retry-After", "7"), "{}"), heard)
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(heard.type).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "input", "response_format", "stream_format"})
    void what_the_gateway_decides_is_no_option(String field) {
        UpstreamException failure = MediaWire.failure(() -> speak(
                OpenAiPreset.OPENAI,
                "tts-1",
                "{\"input\":\"Hi\",\"providerOptions\":{\"openai\":{\"" + field + "\":\"x\"}}}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.openai." + field);
    }

    @Test
    void sound_that_is_cut_off_is_no_whole_sound() {
        Heard heard = new Heard();
        assertThat(failure(Answer.cut(4, MP3), heard).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(heard.sound.size()).isGreaterThan(0);
        assertThat(failure(Answer.cut(2, Answer.whole(200, Map.of("Content-Type", "audio/mpeg"), "sound")), new Heard())
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void sink_that_has_had_enough_ends_the_upstreams_work() {
        IllegalStateException enough = new IllegalStateException("enough");
        wire.upstream.answer(exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", "audio/mpeg"));
            exchange.body("first");
            exchange.await(new Gate());
        });
        SpeechSink sink = new SpeechSink() {
            @Override
            public void begins(String type) {}

            @Override
            public void bytes(byte[] buffer, int offset, int length) {
                throw enough;
            }
        };
        assertThat(catchThrowable(() -> wire.provider(OpenAiPreset.OPENAI, SpeechProvider.class)
                        .speak(MediaWire.call("tts-1"), MediaWire.speech("{\"input\":\"Hi\"}"), sink)))
                .isSameAs(enough);
        wire.upstream.awaitHangUps(1);
    }

    @Test
    void silence_times_out_and_stopping_reaches_the_upstream() throws Exception {
        SpeechProvider provider = wire.provider(OpenAiPreset.OPENAI, SpeechProvider.class);
        Answer endless = exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", "audio/mpeg"));
            exchange.body("first");
            exchange.await(new Gate());
        };
        wire.upstream.answer(endless);
        UpstreamCall brief = MediaWire.call("m", Duration.ofMillis(400));
        assertThat(MediaWire.failure(() -> provider.speak(brief, MediaWire.speech("{\"input\":\"Hi\"}"), new Heard()))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(endless);
        UpstreamCall call = MediaWire.call("m");
        assertThat(wire.stopped(call, () -> provider.speak(call, MediaWire.speech("{\"input\":\"Hi\"}"), new Heard()))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }
}
