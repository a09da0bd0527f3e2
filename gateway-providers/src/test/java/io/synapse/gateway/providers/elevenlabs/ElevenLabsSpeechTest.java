package io.synapse.gateway.providers.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.internal.media.SoundWire;
import io.synapse.gateway.providers.internal.media.SoundWire.Heard;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Gate;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ElevenLabsSpeechTest {
    private static final String KEY = "sk_test_0123456789";
    private static final Answer MP3 = SoundWire.sound("audio/mpeg", "one", "two");
    private static final Answer ENDLESS = exchange -> {
        exchange.chunkedHead(200, Map.of("Content-Type", "audio/mpeg"));
        exchange.body("first");
        exchange.await(new Gate());
    };

    private final SoundWire wire = new SoundWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private ElevenLabsProvider provider() {
        Map<String, String> settings = Map.of(
                "ELEVENLABS_API_KEY",
                KEY,
                "ELEVENLABS_BASE_URL",
                wire.upstream.uri().toString());
        return ElevenLabsProvider.of(wire.http, settings::get).orElseThrow();
    }

    private Heard speak(String request) throws UpstreamException {
        Heard heard = new Heard();
        assertThat(provider().speak(SoundWire.call("eleven_flash_v2_5"), SoundWire.speech(request), heard))
                .isNull();
        return heard;
    }

    private UpstreamException failure(Answer answer) {
        wire.upstream.answer(answer);
        return SoundWire.failure(() -> speak("{\"input\":\"Hi\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | JBFqnCBsd6RMkjVDRZzb | mp3_44100_128 | ``",
                "\"voice\":\"21m00Tcm4TlvDq8ikWAM\",\"response_format\":\"opus\",\"user\":\"u\" | 21m00Tcm4TlvDq8ikWAM"
                        + " | opus_48000_64 | ``",
                "\"response_format\":\"wav\",\"speed\":0.7 | JBFqnCBsd6RMkjVDRZzb | wav_24000 |"
                        + " \"voice_settings\":{\"speed\":0.7}",
                "\"response_format\":\"pcm\",\"speed\":1.2,\"providerOptions\":{\"elevenlabs\":{\"seed\":5,\"voice_settings\":{\"stability\":1,\"speed\":1}}}"
                    + " | JBFqnCBsd6RMkjVDRZzb | pcm_24000 |"
                    + " \"seed\":5,\"voice_settings\":{\"stability\":1,\"speed\":1.2}"
            })
    void what_reaches_the_upstream(String asked, String voice, String format, String sent) throws Exception {
        wire.upstream.answer(MP3);
        speak("{\"input\":\"Hi\"" + (asked.isEmpty() ? "" : "," + asked) + "}");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST /v1/text-to-speech/" + voice + "/stream?output_format=" + format);
        assertThat(arrived.header("xi-api-key")).isEqualTo(KEY);
        assertThat(arrived.header("Authorization")).isNull();
        assertThat(arrived.json())
                .isEqualTo(PlainJson.object("{\"text\":\"Hi\",\"model_id\":\"eleven_flash_v2_5\""
                        + (sent.isEmpty() ? "" : "," + sent) + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"response_format\":\"aac\" | response_format",
                "\"response_format\":\"flac\" | response_format",
                "\"voice\":\"../../v1/user\" | voice",
                "\"speed\":2 | speed",
                "\"speed\":0.5 | speed",
                "\"instructions\":\"Whisper\" | instructions"
            })
    void what_elevenlabs_cannot_do_is_refused(String asked, String param) {
        UpstreamException refusal = SoundWire.failure(() -> speak("{\"input\":\"Hi\"," + asked + "}"));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void what_the_gateway_decides_is_no_option() {
        for (String field : new String[] {"text", "model_id", "output_format", "voice_id"}) {
            UpstreamException refusal = SoundWire.failure(
                    () -> speak("{\"input\":\"Hi\",\"providerOptions\":{\"elevenlabs\":{\"" + field + "\":\"x\"}}}"));
            assertThat(refusal.kind()).isEqualTo(Kind.REJECTED);
            assertThat(refusal.param()).isEqualTo("providerOptions.elevenlabs." + field);
        }
        assertThat(wire.upstream.requests()).isEmpty();
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
        FutureTask<Object> running = new FutureTask<>(
                () -> provider().speak(SoundWire.call("m"), SoundWire.speech("{\"input\":\"Hi\"}"), heard));
        Thread.ofVirtual().start(running);
        assertThat(heard.piece()).isEqualTo("first");
        assertThat(running).isNotDone();
        gate.open();
        running.get(20, TimeUnit.SECONDS);
        assertThat(heard.type()).isEqualTo("audio/mpeg");
        assertThat(heard.sound()).isEqualTo("firstsecond");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {'detail':{'status':'quota_exceeded','message':'This request exceeds your quota.'}} |"
                        + " QUOTA_EXHAUSTED | ",
                "401 | {'detail':{'type':'invalid_request','code':'quota_exceeded','message':'m'}} | QUOTA_EXHAUSTED"
                        + " | ",
                "401 | {'detail':{'status':'invalid_api_key','message':'m'}} | UNAUTHORIZED | ",
                "402 | {'detail':{'status':'payment_required','message':'m'}} | QUOTA_EXHAUSTED | ",
                "404 | {'detail':{'status':'voice_not_found','message':'m'}} | REJECTED | voice",
                "400 | {'detail':{'status':'voice_not_found','message':'m'}} | REJECTED | voice",
                "404 | {'detail':{'status':'model_not_found','message':'m'}} | MODEL_GONE | ",
                "422 | {'detail':[{'loc':['body','text'],'msg':'Field required','type':'missing'}]} | REJECTED | input",
                "422 | {'detail':[{'loc':['body','voice_settings','speed'],'msg':'m'}]} | REJECTED | speed",
                "422 | {'detail':[{'loc':['body','of_tomorrow'],'msg':'m'}]} | REJECTED | ",
                "429 | {'detail':{'status':'too_many_concurrent_requests','message':'m'}} | RATE_LIMITED | ",
                "429 | {'detail':{'status':'system_busy','message':'m'}} | OVERLOADED | ",
                "500 | {'detail':'Internal Server Error'} | FAILED | ",
                "503 | {} | OVERLOADED | "
            })
    void errors(int status, String body, Kind kind, String param) {
        UpstreamException failure = failure(Answer.json(status, body.replace('\'', '"')));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.param()).isEqualTo(param);
    }

    @Test
    void words_and_waits_of_an_error() {
        UpstreamException failure = failure(Answer.json(
                429, Map.of("Retry-After", "3"), "{\"detail\":{\"status\":\"x\",\"message\":\"Slow " + KEY + "\"}}"));
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(failure).hasMessageContaining("Slow");
        assertThat(failure.getMessage()).doesNotContain(KEY);
        assertThat(provider().toString()).doesNotContain(KEY);
    }

    @Test
    void what_is_no_whole_sound_is_an_exception() {
        assertThat(failure(Answer.json(200, "{\"ok\":true}")).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure(SoundWire.sound("text/html", "<html>")).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure(SoundWire.sound("audio/mpeg")).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure(Answer.cut(4, MP3)).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure(Answer.reset()).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void silence_times_out_and_stopping_reaches_the_upstream() throws Exception {
        wire.upstream.answer(ENDLESS);
        UpstreamCall brief = SoundWire.call("m", Duration.ofMillis(400));
        assertThat(SoundWire.failure(() -> provider().speak(brief, SoundWire.speech("{\"input\":\"Hi\"}"), new Heard()))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(ENDLESS);
        UpstreamCall call = SoundWire.call("m");
        assertThat(wire.stopped(call, () -> provider().speak(call, SoundWire.speech("{\"input\":\"Hi\"}"), new Heard()))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }

    @Test
    void sink_that_has_had_enough_ends_the_upstreams_work() {
        IllegalStateException enough = new IllegalStateException("enough");
        wire.upstream.answer(ENDLESS);
        SpeechSink sink = new SpeechSink() {
            @Override
            public void begins(String type) {}

            @Override
            public void bytes(byte[] buffer, int offset, int length) {
                throw enough;
            }
        };
        assertThat(catchThrowable(
                        () -> provider().speak(SoundWire.call("m"), SoundWire.speech("{\"input\":\"Hi\"}"), sink)))
                .isSameAs(enough);
        wire.upstream.awaitHangUps(1);
    }

    @Test
    void settings() {
        assertThat(ElevenLabsProvider.of(wire.http, name -> null)).isEmpty();
        assertThat(Providers.configured(wire.http, Map.of("ELEVENLABS_API_KEY", KEY)::get))
                .singleElement()
                .satisfies(provider -> assertThat(provider.id()).isEqualTo("elevenlabs"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ElevenLabsProvider.of(
                        wire.http, Map.of("ELEVENLABS_API_KEY", KEY, "ELEVENLABS_BASE_URL", "x")::get))
                .withMessageStartingWith("ELEVENLABS_BASE_URL ");
    }
}
