package io.synapse.gateway.providers.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.internal.media.SoundWire;
import io.synapse.gateway.providers.internal.media.SoundWire.Heard;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Gate;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DeepgramSpeechTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef01234567";
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

    private DeepgramProvider provider() {
        Map<String, String> settings = Map.of(
                "DEEPGRAM_API_KEY",
                KEY,
                "DEEPGRAM_BASE_URL",
                wire.upstream.uri().toString());
        return DeepgramProvider.of(wire.http, settings::get).orElseThrow();
    }

    private Heard speak(String request) throws UpstreamException {
        Heard heard = new Heard();
        assertThat(provider().speak(SoundWire.call("aura-2-thalia-en"), SoundWire.speech(request), heard))
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
                "`` | model=aura-2-thalia-en&encoding=mp3",
                "\"response_format\":\"mp3\",\"voice\":\"luna\",\"user\":\"u\" | model=aura-2-luna-en&encoding=mp3",
                "\"voice\":\"aura-2-celeste-es\" | model=aura-2-celeste-es&encoding=mp3",
                "\"response_format\":\"wav\" |"
                        + " model=aura-2-thalia-en&encoding=linear16&container=wav&sample_rate=24000",
                "\"response_format\":\"pcm\" |"
                        + " model=aura-2-thalia-en&encoding=linear16&container=none&sample_rate=24000",
                "\"response_format\":\"opus\",\"speed\":1.50 |"
                        + " model=aura-2-thalia-en&encoding=opus&container=ogg&speed=1.5",
                "\"response_format\":\"aac\" | model=aura-2-thalia-en&encoding=aac",
                "\"response_format\":\"flac\" | model=aura-2-thalia-en&encoding=flac",
                "\"providerOptions\":{\"deepgram\":{\"bit_rate\":48000,\"tag\":\"a b&c\"}} |"
                        + " model=aura-2-thalia-en&encoding=mp3&bit_rate=48000&tag=a+b%26c"
            })
    void what_reaches_the_upstream(String asked, String query) throws Exception {
        wire.upstream.answer(MP3);
        assertThat(speak("{\"input\":\"Hi\"" + (asked.isEmpty() ? "" : "," + asked) + "}")
                        .sound())
                .isEqualTo("onetwo");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/speak?" + query);
        assertThat(arrived.header("Authorization")).isEqualTo("Token " + KEY);
        assertThat(arrived.text()).isEqualTo("{\"text\":\"Hi\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"voice\":\"aura-luna-en\" | voice",
                "\"voice\":\"No Such\" | voice",
                "\"instructions\":\"Whisper\" | instructions"
            })
    void what_deepgram_cannot_do_is_refused(String asked, String param) {
        UpstreamException refusal = SoundWire.failure(() -> speak("{\"input\":\"Hi\"," + asked + "}"));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void what_the_gateway_decides_is_no_option() {
        for (String option : new String[] {
            "model", "encoding", "container", "sample_rate", "callback", "callback_method", "mip_opt_out", "tags"
        }) {
            UpstreamException refusal = SoundWire.failure(
                    () -> speak("{\"input\":\"Hi\",\"providerOptions\":{\"deepgram\":{\"" + option + "\":[]}}}"));
            assertThat(refusal.kind()).isEqualTo(Kind.REJECTED);
            assertThat(refusal.param()).isEqualTo("providerOptions.deepgram." + option);
        }
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void longest_text_that_is_spoken_at_once() throws Exception {
        wire.upstream.answer(SoundWire.sound("audio/ogg", "one"));
        String text = "{\"response_format\":\"opus\",\"input\":\"%s\"}";
        assertThat(speak(text.formatted("a".repeat(2_000))).sound()).isEqualTo("one");
        assertThat(SoundWire.failure(() -> speak(text.formatted("a".repeat(2_001))))
                        .param())
                .isEqualTo("input");
        assertThat(wire.upstream.requests()).hasSize(1);
    }

    @Test
    void long_text_is_spoken_in_parts() throws Exception {
        String sentence = "Nineteen words are. ";
        wire.upstream.answer(MP3, SoundWire.sound("audio/mpeg", "three"));
        assertThat(speak("{\"input\":\"" + sentence.repeat(150) + "\"}").sound())
                .isEqualTo("onetwothree");
        List<Request> arrived = wire.upstream.requests();
        assertThat(arrived).hasSize(2);
        assertThat(arrived.getFirst().json())
                .containsEntry("text", sentence.repeat(100).strip());
        assertThat(arrived.getLast().json())
                .containsEntry("text", sentence.repeat(50).strip());
        UpstreamException refusal = SoundWire.failure(
                () -> speak("{\"response_format\":\"opus\",\"input\":\"" + sentence.repeat(150) + "\"}"));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo("input");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {'err_code':'INVALID_AUTH','err_msg':'Invalid credentials.','request_id':'r'} | UNAUTHORIZED | ",
                "402 | {'err_code':'ASR_PAYMENT_REQUIRED','err_msg':'No credits left.'} | QUOTA_EXHAUSTED | ",
                "400 | {'err_code':'Bad Request','err_msg':'Input text exceeds maximum character limit of 2000'} |"
                        + " REJECTED | input",
                "400 | {'err_code':'Bad Request','err_msg':'Invalid speed'} | REJECTED | speed",
                "400 | {'category':'INVALID_JSON','message':'Invalid JSON submitted.','details':'d'} | REJECTED | ",
                "413 | {'err_code':'PAYLOAD_TOO_LARGE','err_msg':'m'} | REJECTED | ",
                "429 | {'err_code':'TOO_MANY_REQUESTS','err_msg':'m'} | RATE_LIMITED | ",
                "500 | {} | FAILED | ",
                "503 | {'err_code':'Service Unavailable','err_msg':'m'} | OVERLOADED | "
            })
    void errors(int status, String body, Kind kind, String param) {
        UpstreamException failure = failure(Answer.json(status, body.replace('\'', '"')));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.param()).isEqualTo(param);
    }

    @Test
    void words_and_waits_of_an_error() {
        UpstreamException failure = failure(
                Answer.json(429, Map.of("Retry-After", "3"), "{\"err_code\":\"x\",\"err_msg\":\"Slow " + KEY + "\"}"));
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
    }

    @Test
    void silence_times_out_and_stopping_reaches_the_upstream() throws Exception {
        wire.upstream.answer(ENDLESS);
        UpstreamCall brief = SoundWire.call("aura-2-thalia-en", Duration.ofMillis(400));
        assertThat(SoundWire.failure(() -> provider().speak(brief, SoundWire.speech("{\"input\":\"Hi\"}"), new Heard()))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(ENDLESS);
        UpstreamCall call = SoundWire.call("aura-2-thalia-en");
        assertThat(wire.stopped(call, () -> provider().speak(call, SoundWire.speech("{\"input\":\"Hi\"}"), new Heard()))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }

    @Test
    void settings() {
        assertThat(DeepgramProvider.of(wire.http, name -> null)).isEmpty();
        assertThat(Providers.configured(wire.http, Map.of("DEEPGRAM_API_KEY", KEY)::get))
                .singleElement()
                .satisfies(provider -> assertThat(provider.id()).isEqualTo("deepgram"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        DeepgramProvider.of(wire.http, Map.of("DEEPGRAM_API_KEY", KEY, "DEEPGRAM_BASE_URL", "x")::get))
                .withMessageStartingWith("DEEPGRAM_BASE_URL ");
    }
}
