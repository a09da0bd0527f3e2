package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.media.SoundWire.Heard;
import io.synapse.gateway.testkit.fake.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JoinedSoundTest {
    private static final String FORMAT = format(24_000);

    private final SoundWire wire = new SoundWire();
    private Heard heard = new Heard();

    @AfterEach
    void close() {
        wire.close();
    }

    /** The format of 16-bit samples in one channel. */
    private static String format(int rate) {
        return little(1, 2) + little(1, 2) + little(rate, 4) + little(2L * rate, 4) + little(2, 2) + little(16, 2);
    }

    private static String size(long size) {
        return little(size, 4);
    }

    private static String little(long number, int bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            text.append((char) ((number >> (8 * i)) & 0xFF));
        }
        return text.toString();
    }

    private static String chunk(String name, String content) {
        return name + size(content.length()) + content;
    }

    private static String wav(String... chunks) {
        return "RIFF" + size(0xFFFFFFFFL) + "WAVE" + String.join("", chunks);
    }

    private static Answer answer(String... pieces) {
        return SoundWire.sound("audio/wav", pieces);
    }

    private void join(String format, Answer... answers) throws Exception {
        wire.upstream.answer(answers);
        heard = new Heard();
        JoinedSound joined = new JoinedSound(heard, format);
        for (int i = 0; i < answers.length; i++) {
            try (UpstreamResponse response = wire.http.get(SoundWire.call("m"), wire.upstream.uri(), Map.of())) {
                joined.add(response);
            }
        }
    }

    @Test
    void wavs_become_one_of_unknown_length() throws Exception {
        join(
                "wav",
                answer(wav(chunk("fmt ", FORMAT), chunk("LIST", "odd\u0000"), "data", size(0xFFFFFFFFL), "ab"), "cd"),
                answer(wav(chunk("LIST", "od"), chunk("fmt ", FORMAT), chunk("data", "efgh"), chunk("LIST", "x"))),
                answer(wav(chunk("fmt ", FORMAT), "data", size(0), "ij")));
        assertThat(heard.type()).isEqualTo("audio/wav");
        assertThat(heard.sound())
                .isEqualTo("RIFF" + size(0xFFFFFFFFL) + "WAVE" + chunk("fmt ", FORMAT) + "data" + size(0xFFFFFFFFL)
                        + "abcdefghij");
        assertThat(wire.upstream.connections()).isEqualTo(1);
    }

    @Test
    void sample_that_was_cut_is_completed() throws Exception {
        join(
                "wav",
                answer(wav(chunk("fmt ", FORMAT), "data", size(0), "abc")),
                answer(wav(chunk("fmt ", FORMAT), chunk("data", "de"))));
        assertThat(heard.sound()).endsWith("abc\u0000de");
    }

    @Test
    void odd_chunks_are_padded() throws Exception {
        join("wav", answer(wav("LIST", size(3), "abc\u0000", chunk("fmt ", FORMAT), chunk("data", "de"))));
        assertThat(heard.sound()).endsWith("de");
    }

    @Test
    void frames_stand_one_after_another() throws Exception {
        join("mp3", SoundWire.sound("audio/mpeg", "ab"), SoundWire.sound("audio/mpeg", "cd"));
        assertThat(heard.type()).isEqualTo("audio/mpeg");
        assertThat(heard.sound()).isEqualTo("abcd");
        assertThat(JoinedSound.joins("opus")).isFalse();
        assertThat(JoinedSound.joins("flac")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "RIFF", "RIFX0000WAVE", "RIFF0000WAVE", "RIFF0000WAVEdata\u0002\u0000\u0000\u0000ab"})
    void what_is_no_wav_is_malformed(String bytes) {
        Answer lie = Answer.whole(200, Map.of("Content-Type", "audio/wav"), bytes);
        assertThat(SoundWire.failure(() -> join("wav", lie)).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(heard.type()).isEmpty();
    }

    @Test
    void lies_about_samples_are_malformed() {
        for (String lie : new String[] {
            wav(chunk("fmt ", "short"), chunk("data", "ab")),
            wav("fmt ", size(0x7FFFFFFF), FORMAT),
            wav(chunk("fmt ", FORMAT)),
            wav(chunk("fmt ", FORMAT), "data", size(0)),
            wav(chunk("fmt ", FORMAT), "data", size(9), "ab")
        }) {
            assertThat(SoundWire.failure(() -> join("wav", answer(lie))).kind()).isEqualTo(Kind.MALFORMED);
            wire.upstream.reset();
        }
    }

    @Test
    void parts_that_do_not_fit_together_are_malformed() {
        String first = wav(chunk("fmt ", FORMAT), chunk("data", "ab"));
        String other = wav(chunk("fmt ", format(48_000)), chunk("data", "ab"));
        assertThat(SoundWire.failure(() -> join("wav", answer(first), answer(other)))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void what_is_cut_off_or_no_sound_is_an_exception() {
        String whole = wav(chunk("fmt ", FORMAT), chunk("data", "abcdefgh"));
        assertThat(SoundWire.failure(() -> join("wav", Answer.cut(48, answer(whole))))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        assertThat(SoundWire.failure(() -> join("wav", Answer.json(200, "{}"))).kind())
                .isEqualTo(Kind.MALFORMED);
        assertThat(SoundWire.failure(() -> join("mp3", SoundWire.sound("text/html", "<html>")))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
        assertThat(SoundWire.failure(() -> join("mp3", SoundWire.sound("audio/mpeg")))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }
}
