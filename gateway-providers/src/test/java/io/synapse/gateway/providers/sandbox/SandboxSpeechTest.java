package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.MediaAsking.heard;
import static io.synapse.gateway.providers.sandbox.MediaAsking.says;
import static io.synapse.gateway.providers.sandbox.MediaAsking.spoken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.sandbox.MediaAsking.Recorder;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxSpeechTest {
    private static final String TEXT = "Hello there, this is the Gateway. It says: \"Größe\" 🎈! And a last bit";

    @Test
    void a_wav_is_what_its_header_says() throws Exception {
        Media wav = spoken(says("input", TEXT));
        assertThat(wav.type()).isEqualTo("audio/wav");
        try (AudioInputStream sound = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav.bytes()))) {
            AudioFormat format = sound.getFormat();
            assertThat(format.getSampleRate()).isEqualTo(24_000f);
            assertThat(format.getChannels()).isEqualTo(1);
            assertThat(format.getSampleSizeInBits()).isEqualTo(16);
            assertThat(format.isBigEndian()).isFalse();
            assertThat(sound.getFrameLength() / 24_000.0).isCloseTo(TEXT.length() * 0.065, within(0.1));
            byte[] samples = sound.readAllBytes();
            assertThat(samples).hasSize((int) sound.getFrameLength() * 2);
            assertThat(samples)
                    .isEqualTo(spoken(says("input", TEXT, "response_format", "pcm"))
                            .bytes());
            assertThat(loudest(samples)).isBetween(3_000, 20_000);
        }
        assertThat(littleEndian(wav.bytes(), 4)).isEqualTo(wav.bytes().length - 8);
    }

    @Test
    void an_mp3_is_a_tag_and_whole_frames() throws Exception {
        Media mp3 = spoken(says("input", TEXT, "response_format", "mp3"));
        assertThat(mp3.type()).isEqualTo("audio/mpeg");
        byte[] bytes = mp3.bytes();
        int at = 10 + (bytes[6] << 21 | bytes[7] << 14 | bytes[8] << 7 | bytes[9]);
        int frames = 0;
        while (at < bytes.length) {
            // MPEG-2 layer III, 8 kbit/s, 24 kHz, mono: 72 * 8000 / 24000 = 24 bytes for 576 samples, 24 ms.
            assertThat(Arrays.copyOfRange(bytes, at, at + 4)).containsExactly(0xff, 0xf3, 0x14, 0xc0);
            at += 24;
            frames++;
        }
        assertThat(at).isEqualTo(bytes.length);
        byte[] pcm = spoken(says("input", TEXT, "response_format", "pcm")).bytes();
        assertThat(frames * 24).isEqualTo(pcm.length / 48);
    }

    @Test
    void length_goes_with_the_text_and_the_speed() throws Exception {
        int plain = pcm(TEXT, 1.0);
        assertThat((double) pcm(TEXT + TEXT, 1.0)).isCloseTo(2.0 * plain, within(0.05 * plain));
        assertThat((double) pcm(TEXT, 2.0)).isCloseTo(0.5 * plain, within(0.05 * plain));
        assertThat((double) pcm(TEXT, 0.25)).isCloseTo(4.0 * plain, within(0.05 * plain));
        assertThat(pcm("a", 4.0)).isPositive();
        assertThat(pcm("   ", 1.0)).isPositive();
        assertThat(pcm("字".repeat(100), 1.0)).isGreaterThan(plain);
    }

    @Test
    void voices_differ_and_the_same_request_sounds_the_same() throws Exception {
        byte[] one = spoken(says("input", TEXT, "voice", "alloy")).bytes();
        assertThat(spoken(says("input", TEXT, "voice", "alloy")).bytes()).isEqualTo(one);
        assertThat(spoken(says("input", TEXT, "voice", "nova")).bytes()).isNotEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wav", "mp3"})
    void what_is_spoken_is_heard(String format) throws Exception {
        for (String text : List.of(TEXT, "odd", "even", "a\0b".replace('\0', ' '), "字".repeat(4000))) {
            Media sound = spoken(says("input", text, "response_format", format));
            assertThat(heard(sound.bytes(), 1000).text()).isEqualTo(text);
        }
    }

    @Test
    void times_are_spread_over_the_recording() throws Exception {
        Media sound = spoken(says("input", TEXT));
        Transcript heard = heard(sound.bytes(), 5_000, "language", "de");
        assertThat(heard.language()).isEqualTo("de");
        assertThat(heard.segments())
                .extracting(Transcript.Part::text)
                .containsExactly("Hello there, this is the Gateway.", "It says: \"Größe\" 🎈!", "And a last bit");
        assertThat(heard.words()).extracting(Transcript.Part::text).containsExactly(TEXT.split(" ", -1));
        for (List<Transcript.Part> parts : List.of(heard.segments(), heard.words())) {
            assertThat(parts.getFirst().startMillis()).isZero();
            assertThat(parts.getLast().endMillis()).isEqualTo(5_000);
            for (int i = 1; i < parts.size(); i++) {
                assertThat(parts.get(i).startMillis())
                        .isEqualTo(parts.get(i - 1).endMillis());
            }
        }
    }

    @Test
    void a_stop_within_a_number_ends_no_sentence() throws Exception {
        String text = "It costs 3.50 credits... Really? Ja!。是的。好";
        assertThat(heard(spoken(says("input", text)).bytes(), 900).segments())
                .extracting(Transcript.Part::text)
                .containsExactly("It costs 3.50 credits...", "Really?", "Ja!。", "是的。", "好");
    }

    @Test
    void a_text_longer_than_any_that_is_spoken_is_none() throws Exception {
        byte[] list = CarriedText.wavList(".x".repeat(100_000));
        byte[] sound = Arrays.copyOf("RIFF....WAVE".getBytes(StandardCharsets.US_ASCII), 12 + list.length);
        System.arraycopy(list, 0, sound, 12, list.length);
        assertThat(heard(sound, 900).text()).contains("The recording lasts");
    }

    @Test
    void of_other_sound_it_tells_how_long_it_is() throws Exception {
        byte[] wav = spoken(says("input", TEXT)).bytes();
        byte[] renamed = wav.clone();
        renamed[indexOf(wav, "Synapse")] = 'X';
        for (byte[] sound :
                List.of(new byte[0], new byte[5], "RIFFxxxxWAVELIST".getBytes(StandardCharsets.US_ASCII), renamed)) {
            Transcript heard = heard(sound, 61_005);
            assertThat(heard.text()).contains("sandbox").endsWith("lasts 61.005 seconds.");
            assertThat(heard.language()).isEqualTo("en");
            assertThat(heard.segments()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void broken_tags_are_no_text_and_no_fault() throws Exception {
        for (String format : List.of("wav", "mp3")) {
            byte[] whole =
                    spoken(says("input", "Hello", "response_format", format)).bytes();
            for (int length = 0; length < 120; length++) {
                assertThat(heard(Arrays.copyOf(whole, length), 10).text()).isNotEmpty();
            }
            for (int i = 4; i < 120; i++) {
                for (byte value : new byte[] {0, 1, 0x7f, -1}) {
                    byte[] broken = whole.clone();
                    broken[i] = value;
                    assertThat(heard(broken, 10).text()).isNotNull();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opus", "aac", "flac"})
    void other_formats_are_refused(String format) {
        assertThatThrownBy(() -> spoken(says("input", "Hi", "response_format", format)))
                .isInstanceOfSatisfying(UpstreamException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
                    assertThat(e.param()).isEqualTo("response_format");
                    assertThat(e).hasMessageContaining("wav, mp3 and pcm");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"wav", "mp3", "pcm"})
    void sound_comes_in_pieces_and_breaks_off_when_asked_to(String format) throws Exception {
        Recorder whole = new Recorder();
        SANDBOX.speak(call("m", -1), says("input", TEXT.repeat(40), "response_format", format), whole);
        assertThat(whole.pieces).isGreaterThan(1);
        Recorder some = new Recorder();
        assertThatThrownBy(() -> SANDBOX.speak(
                        call("m:cut", -1), says("input", TEXT.repeat(40), "response_format", format), some))
                .isInstanceOfSatisfying(
                        UpstreamException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
        byte[] begun = some.bytes.toByteArray();
        assertThat(begun).hasSize(whole.bytes.size() / 2);
        assertThat(begun).isEqualTo(Arrays.copyOf(whole.bytes.toByteArray(), begun.length));
    }

    @Test
    void stopping_ends_it_between_pieces() {
        UpstreamCall call = call("m", -1);
        Recorder recorder = new Recorder() {
            @Override
            public void bytes(byte[] buffer, int offset, int length) {
                super.bytes(buffer, offset, length);
                call.stop(UpstreamCall.Stop.CALLER_GONE);
            }
        };
        assertThatThrownBy(() -> SANDBOX.speak(call, says("input", TEXT.repeat(40)), recorder))
                .isInstanceOf(UpstreamException.class);
        assertThat(recorder.pieces).isEqualTo(1);
    }

    private static int pcm(String text, double speed) throws UpstreamException {
        return spoken(says("input", text, "response_format", "pcm", "speed", speed))
                .bytes()
                .length;
    }

    private static int loudest(byte[] samples) {
        int loudest = 0;
        for (int i = 0; i < samples.length; i += 2) {
            loudest = Math.max(loudest, Math.abs((short) ((samples[i] & 0xff) | (samples[i + 1] << 8))));
        }
        return loudest;
    }

    private static int littleEndian(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    private static int indexOf(byte[] bytes, String ascii) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(ascii);
    }
}
