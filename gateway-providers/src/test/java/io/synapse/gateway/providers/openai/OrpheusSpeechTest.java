package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.SoundWire.Heard;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Gate;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts that are longer than Groq's Orpheus speaks at a time. */
@Timeout(60)
class OrpheusSpeechTest {
    private static final String MODEL = "canopylabs/orpheus-v1-english";
    private static final String SENTENCE = "This sentence has got as many as fifty characters. ";
    private static final String FORMAT = "fmt \u0010\u0000\u0000\u0000\u0001\u0000\u0001\u0000"
            + "\u00C0]\u0000\u0000\u0080\u00BB\u0000\u0000\u0002\u0000\u0010\u0000";

    private final MediaWire wire = new MediaWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private static String wav(String samples) {
        return "RIFF" + (char) (36 + samples.length()) + "\u0000\u0000\u0000WAVE" + FORMAT + "data"
                + (char) samples.length() + "\u0000\u0000\u0000" + samples;
    }

    private static Answer answer(String bytes) {
        return exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", "audio/wav"));
            exchange.body(bytes.getBytes(StandardCharsets.ISO_8859_1));
        };
    }

    private static String request(int sentences, String fields) {
        return "{\"input\":\"" + SENTENCE.repeat(sentences).strip() + "\"" + fields + "}";
    }

    private void speak(UpstreamCall call, String request, Heard heard) throws UpstreamException {
        assertThat(wire.provider(OpenAiPreset.GROQ, SpeechProvider.class).speak(call, MediaWire.speech(request), heard))
                .isNull();
    }

    @Test
    void text_within_the_cap_is_spoken_at_once_and_passed_on_as_it_is() throws Exception {
        String text = SENTENCE.repeat(4).strip();
        assertThat(text.length()).isBetween(190, 204);
        String capped = text.substring(0, 200);
        wire.upstream.answer(answer(wav("ab")));
        Heard heard = new Heard();
        speak(MediaWire.call(MODEL), "{\"input\":\"" + capped + "\"}", heard);
        assertThat(heard.sound()).isEqualTo(wav("ab"));
        assertThat(wire.upstream.requests()).hasSize(1);

        wire.upstream.answer(answer(wav("ab")), answer(wav("cd")));
        speak(MediaWire.call(MODEL), "{\"input\":\"" + "a".repeat(201) + "\"}", new Heard());
        assertThat(wire.upstream.requests())
                .extracting(
                        request -> String.valueOf(request.json().get("input")).length())
                .containsExactly(200, 200, 1);
    }

    @Test
    void longer_text_is_spoken_in_parts_that_become_one_sound() throws Exception {
        wire.upstream.answer(answer(wav("ab")), answer(wav("cdef")), answer(wav("gh")));
        Heard heard = new Heard();
        speak(MediaWire.call(MODEL), request(9, ",\"voice\":\"troy\",\"speed\":1.5"), heard);
        List<Request> arrived = wire.upstream.requests();
        assertThat(arrived).hasSize(3);
        for (int i = 0; i < 3; i++) {
            String part = SENTENCE.repeat(3).strip();
            assertThat(arrived.get(i).json())
                    .isEqualTo(PlainJson.object("{\"model\":\"" + MODEL + "\",\"input\":\"" + part
                            + "\",\"voice\":\"troy\",\"response_format\":\"wav\",\"speed\":1.5}"));
        }
        assertThat(heard.type()).isEqualTo("audio/wav");
        String unknown = "\u00FF\u00FF\u00FF\u00FF";
        assertThat(heard.sound()).isEqualTo("RIFF" + unknown + "WAVE" + FORMAT + "data" + unknown + "abcdefgh");
        assertThat(wire.upstream.connections()).isEqualTo(1);
    }

    @Test
    void first_part_is_heard_while_the_second_is_made() throws Exception {
        Gate gate = new Gate();
        wire.upstream.answer(answer(wav("ab")), Answer.stall(gate, answer(wav("cd"))));
        Heard heard = new Heard();
        FutureTask<Void> running = new FutureTask<>(() -> {
            speak(MediaWire.call(MODEL), request(6, ""), heard);
            return null;
        });
        Thread.ofVirtual().start(running);
        assertThat(heard.piece()).startsWith("RIFF");
        assertThat(heard.piece()).isEqualTo("ab");
        assertThat(running).isNotDone();
        gate.open();
        running.get(20, TimeUnit.SECONDS);
        assertThat(heard.sound()).endsWith("abcd");
    }

    @Test
    void other_models_speak_everything_at_once() throws Exception {
        wire.upstream.answer(answer(wav("ab")));
        speak(MediaWire.call("another"), request(9, ""), new Heard());
        assertThat(wire.upstream.requests()).hasSize(1);
    }

    @Test
    void failure_of_a_later_part_fails_the_whole() {
        wire.upstream.answer(
                answer(wav("ab")), Answer.json(429, Map.of("Retry-After", "7"), "{\"error\":{\"message\":\"m\"}}"));
        assertThat(MediaWire.failure(() -> speak(MediaWire.call(MODEL), request(6, ""), new Heard()))
                        .kind())
                .isEqualTo(Kind.RATE_LIMITED);
        wire.upstream.reset();
        wire.upstream.answer(answer(wav("ab")), Answer.cut(46, answer(wav("cdefgh"))));
        assertThat(MediaWire.failure(() -> speak(MediaWire.call(MODEL), request(6, ""), new Heard()))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.reset();
        wire.upstream.answer(answer(wav("ab")), Answer.json(200, "{\"error\":{\"code\":\"insufficient_quota\"}}"));
        assertThat(MediaWire.failure(() -> speak(MediaWire.call(MODEL), request(6, ""), new Heard()))
                        .kind())
                .isEqualTo(Kind.QUOTA_EXHAUSTED);
    }

    @Test
    void stopping_between_the_parts_reaches_the_upstream() throws Exception {
        wire.upstream.answer(answer(wav("ab")), Answer.stall());
        UpstreamCall call = MediaWire.call(MODEL);
        Heard heard = new Heard();
        FutureTask<UpstreamException> running =
                new FutureTask<>(() -> MediaWire.failure(() -> speak(call, request(6, ""), heard)));
        Thread.ofVirtual().start(running);
        wire.upstream.awaitRequests(2);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(running.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(1);
    }
}
