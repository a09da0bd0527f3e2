package io.synapse.gateway.http.media;

import static io.synapse.gateway.http.media.SamplePictures.drawn;
import static io.synapse.gateway.http.media.SamplePictures.join;
import static io.synapse.gateway.http.media.SamplePictures.latin;
import static io.synapse.gateway.http.media.SamplePictures.riffChunk;
import static io.synapse.gateway.http.media.SampleSounds.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.header.Recordings;
import io.synapse.gateway.header.Recordings.Recording;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class RecordingsTest {
    private static final long SEGMENT = 0x18538067L;

    private static Recording read(byte[] file) {
        return Recordings.read("file", file, "a");
    }

    private static long millis(byte[] file) {
        return read(file).durationMillis();
    }

    private static byte[] zeros(int bytes) {
        return new byte[bytes];
    }

    @Test
    void wav_lasts_as_long_as_its_samples() {
        assertThat(read(wavOf(2_500)).media().type()).isEqualTo("audio/wav");
        assertThat(millis(wavOf(2_500))).isEqualTo(2_500);
        byte[] chunks = wav(
                riffChunk("JUNK", zeros(27)),
                fmt(3, 2, 48_000, 32),
                riffChunk("fact", zeros(4)),
                riffChunk("data", zeros(384_000)),
                riffChunk("LIST", zeros(5_001)));
        assertThat(millis(chunks)).isEqualTo(1_000);
        assertThat(millis(wav(fmt(7, 1, 8_000, 8), riffChunk("data", zeros(8_000)))))
                .isEqualTo(1_000);
    }

    @Test
    void wav_cannot_lie_about_its_size() {
        for (int size : new int[] {0, 2, 1_000, 79_999, 80_002, Integer.MAX_VALUE, -1}) {
            assertThat(millis(lyingWav(2_500, size))).as("size %d", size).isBetween(2_499L, 2_501L);
        }
    }

    @Test
    void mp3_lasts_as_long_as_its_frames() {
        assertThat(read(mp3(100)).media().type()).isEqualTo("audio/mpeg");
        // 100 * 1152 / 44100
        assertThat(millis(mp3(100))).isEqualTo(2_613);
        assertThat(millis(join(id3(3_000), mp3(100)))).isEqualTo(2_613);
        assertThat(millis(join(id3(30), id3(99), zeros(500), mp3(100), latin("TAG"), zeros(125))))
                .isEqualTo(2_613);
    }

    @Test
    void mp3_cannot_lie_about_the_number_of_its_frames() {
        for (int said : new int[] {0, 1, 100, Integer.MAX_VALUE, -1}) {
            assertThat(millis(join(xing(said), mp3(100)))).as("said %d", said).isEqualTo(2_613);
        }
    }

    @Test
    void mp3_is_counted_on_behind_a_gap() {
        assertThat(millis(join(mp3(50), zeros(1_000), mp3(50)))).isEqualTo(2_613);
    }

    @Test
    void flac_lasts_as_long_as_it_says_if_it_can() {
        assertThat(read(flac(16_000, 1, 16, 40_000, 30_000)).media().type()).isEqualTo("audio/flac");
        assertThat(millis(flac(16_000, 1, 16, 40_000, 30_000))).isEqualTo(2_500);
        // Never less than uncompressed: 320,000 bytes are 10 s.
        assertThat(millis(flac(16_000, 1, 16, 1, 320_000))).isEqualTo(10_000);
        // Never more than at 2 kbit/s.
        assertThat(millis(flac(16_000, 1, 16, 0xF_FFFF_FFFFL, 9_958))).isEqualTo(40_000);
        // Untold: as at 32 kbit/s.
        assertThat(millis(flac(16_000, 1, 16, 0, 39_958))).isEqualTo(10_000);
    }

    @Test
    void ogg_lasts_to_its_last_position() {
        byte[] opus = ogg(7, opusHead(312), 3, 120_312);
        assertThat(read(opus).media().type()).isEqualTo("audio/ogg");
        assertThat(millis(opus)).isEqualTo(2_500);
        assertThat(millis(ogg(7, vorbisHead(44_100), 3, 110_250))).isEqualTo(2_500);
        assertThat(millis(join(opus, zeros(77), ogg(8, vorbisHead(44_100), 3, 110_250))))
                .isEqualTo(5_000);
    }

    @Test
    void ogg_cannot_say_what_its_bytes_cannot_be() {
        // 180,000 bytes are 1.4 s at 1024 kbit/s, and 12 min at 2 kbit/s.
        assertThat(millis(ogg(7, opusHead(0), 3, 1))).isBetween(1_400L, 1_420L);
        assertThat(millis(ogg(7, opusHead(0), 3, Long.MAX_VALUE))).isBetween(720_000L, 725_000L);
        assertThat(millis(ogg(7, opusHead(0), 3, -1))).isBetween(45_000L, 46_000L);
    }

    @Test
    void mp4_lasts_as_long_as_the_longest_of_what_it_says() {
        assertThat(read(mp4(20_000, mvhd(1_000, 2_500))).media().type()).isEqualTo("audio/mp4");
        assertThat(millis(mp4(20_000, mvhd(1_000, 2_500)))).isEqualTo(2_500);
        assertThat(millis(mp4(20_000, mvhd(1_000, 1), soundTrack(16_000, 40_000, 1, 1))))
                .isEqualTo(2_500);
        assertThat(millis(mp4(20_000, mvhd(1_000, 1), soundTrack(16_000, 1, 40, 1_000))))
                .isEqualTo(2_500);
        // Never more than at 2 kbit/s; nothing told: as at 32 kbit/s.
        assertThat(millis(mp4(20_000, mvhd(1, -2)))).isBetween(80_000L, 81_000L);
        assertThat(millis(mp4(20_000, mvhd(1_000, -1)))).isBetween(5_000L, 5_100L);
        assertThat(millis(mp4(20_000, mvhd(0, 0)))).isBetween(5_000L, 5_100L);
    }

    @Test
    void mp4_in_pieces_lasts_as_long_as_they_do() {
        byte[] trex = box("mvex", box("trex", ints(0, 2, 1, 1_000, 0, 0)));
        byte[] usual = box("moof", box("traf", box("tfhd", ints(0, 2)), box("trun", ints(0, 20))));
        byte[] own = box("moof", box("traf", box("tfhd", ints(8, 2, 500)), box("trun", ints(0, 20))));
        byte[] each = box("moof", box("traf", box("tfhd", ints(0, 2)), box("trun", ints(0x101, 2, 99, 4_000, 6_000))));
        byte[] film = box("moof", box("traf", box("tfhd", ints(0, 1)), box("trun", ints(0, 999))));

        byte[] head = mp4(20_000, mvhd(1_000, 0), soundTrack(16_000, 0, 0, 0), trex);
        assertThat(millis(join(head, usual, own, each, film))).isEqualTo((20_000 + 10_000 + 10_000) / 16);
    }

    @Test
    void webm_lasts_as_long_as_it_says_or_to_its_last_block() {
        byte[] told = join(ebml("webm"), element(SEGMENT, info(1_000_000, 2_500), cluster(0, 100, 20_000)));
        assertThat(read(told).media().type()).isEqualTo("audio/webm");
        assertThat(millis(told)).isEqualTo(2_500);
        byte[] live = join(ebml("webm"), open(SEGMENT, cluster(0, 100, 9_000), cluster(2_000, 500, 9_000)));
        assertThat(millis(live)).isEqualTo(2_500);
        byte[] lying = join(ebml("matroska"), open(SEGMENT, info(1_000_000, 1), cluster(2_000, 500, 9_000)));
        assertThat(millis(lying)).isEqualTo(2_500);
        byte[] nan = join(ebml("webm"), open(SEGMENT, info(1_000_000, Double.NaN), zeros(20_000)));
        assertThat(millis(nan)).isBetween(5_000L, 5_050L);
        byte[] forEver = join(ebml("webm"), open(SEGMENT, info(1_000_000, 1e300), zeros(20_000)));
        assertThat(millis(forEver)).isBetween(80_000L, 81_000L);
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void what_is_no_recording_is_refused(byte[] file) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Recordings.read("file", file, "speech.mp3"))
                .withMessageStartingWith("'file' must be a recording: mp3, wav")
                .satisfies(e -> assertThat(e.param()).isEqualTo("file"));
    }

    static Stream<byte[]> strangers() {
        return Stream.of(
                new byte[0],
                latin("This is a text that calls itself speech.mp3. ".repeat(1_000)),
                "\ufeffThis is a text, too. ÿû ÿû ÿû".repeat(1_000).getBytes(StandardCharsets.UTF_16),
                "\ufeffThis is a text, too.".repeat(1_000).getBytes(StandardCharsets.UTF_16LE),
                latin("\u00ff\u00fb\u0090\0 a text behind a mark"),
                latin("ID3 is what this text begins with, and it goes on for a while.".repeat(100)),
                id3(1_000),
                latin("RIFF\0\0\0\0WAVE, says this text"),
                latin("RIFF\0\0\0\0AVI LIST"),
                wav(fmt(1, 1, 16_000, 16)),
                wav(riffChunk("data", new byte[100])),
                wav(fmt(1, 0, 16_000, 16), riffChunk("data", new byte[100])),
                latin("fLaC and a text behind it, which is long enough"),
                flac(0, 1, 16, 40_000, 30_000),
                latin("OggS and a text behind it, which is long enough"),
                oggPage(2, 0, 1, latin("\u0080theora")),
                // A picture in the same wrapping.
                join(box("ftyp", latin("heic\0\0\0\0mif1")), box("meta", new byte[100])),
                latin("\0\0\0\20ftyp and a text"),
                ebml("document"),
                drawn("png", 9, 9),
                latin("%PDF-1.7"),
                // AAC without a container is no MP3.
                latin("\u00ff\u00f1P\u0080\1\u007f\u00fc".repeat(100)));
    }

    @Test
    void twenty_five_megabytes_are_read_and_twenty_six_are_not() {
        byte[] most = Arrays.copyOf(wavOf(1), Recordings.MOST_BYTES);
        assertThat(millis(most)).isPositive();

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Recordings.read("file", Arrays.copyOf(most, most.length + 1), "a.wav"))
                .withMessageContaining("larger than 25 MB");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Recordings.read("file", new byte[26 * 1024 * 1024], "a.wav"))
                .withMessageContaining("larger than 25 MB");
    }

    @ParameterizedTest
    @CsvSource({
        "talk.wav, talk.wav",
        "talk.mp3, talk.wav",
        "My Talk (1).WAV, My_Talk_1_.wav",
        "../../etc/passwd, passwd.wav",
        "C:\\sounds\\a.b.wav, a_b.wav",
        "'', recording.wav",
        ".wav, recording.wav",
        "日本.wav, recording.wav",
        "'a\"; filename=\"b.wav', a_filename_b.wav",
    })
    void a_name_that_is_passed_on_is_harmless_and_has_the_right_ending(String given, String passedOn) {
        assertThat(Recordings.read("file", wavOf(10), given).filename()).isEqualTo(passedOn);
    }

    @Test
    void other_usual_endings_stay() {
        assertThat(Recordings.read("file", mp4(20_000, mvhd(1_000, 2_500)), "a.MP4")
                        .filename())
                .isEqualTo("a.mp4");
        assertThat(Recordings.read("file", mp4(20_000, mvhd(1_000, 2_500)), "a.mov")
                        .filename())
                .isEqualTo("a.m4a");
        assertThat(Recordings.read("file", mp3(10), "a.mpga").filename()).isEqualTo("a.mpga");
        assertThat(Recordings.read("file", mp3(10), "x".repeat(5_000)).filename())
                .hasSize(84);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void no_prefix_and_no_noise_makes_it_fail_or_go_round(byte[] whole) {
        Random random = new Random(42);
        for (int i = 0; i < 3_000; i++) {
            byte[] file = Arrays.copyOf(whole, i < 500 ? Math.min(i, whole.length) : whole.length);
            for (int j = 0; j < 8 && i >= 500; j++) {
                file[random.nextInt(Math.min(file.length, 300))] = (byte) random.nextInt();
            }
            try {
                long most = Math.max(1, file.length * 8L / 2);
                assertThat(millis(file)).isBetween(1L, most);
            } catch (InvalidRequestException e) {
                assertThat(e.param()).isEqualTo("file");
            }
        }
    }

    static Stream<byte[]> recordings() {
        return Stream.of(
                wavOf(100),
                join(id3(20), xing(9), mp3(9)),
                flac(16_000, 1, 16, 40_000, 3_000),
                Arrays.copyOf(ogg(7, opusHead(312), 1, 120_312), 4_000),
                mp4(20, mvhd(1_000, 9), soundTrack(16_000, 9, 9, 9), box("mvex", box("trex", ints(0, 2, 1, 9)))),
                join(ebml("webm"), open(SEGMENT, info(1_000_000, 9), cluster(0, 9, 30), cluster(9, 9, 30))));
    }

    @Test
    void the_largest_files_of_the_smallest_parts_are_read_quickly() {
        int size = Recordings.MOST_BYTES;
        byte[] noPages = Arrays.copyOf(ogg(1, opusHead(0), 1, 9), size);
        byte[] boxes = new byte[size];
        System.arraycopy(mp4(0, mvhd(1, 1)), 0, boxes, 0, mp4(0, mvhd(1, 1)).length);
        for (int at = mp4(0, mvhd(1, 1)).length; at + 8 <= size; at += 8) {
            boxes[at + 3] = 8;
        }
        byte[][] many = new byte[1_000_000][];
        Arrays.fill(many, box("tfhd", ints(0, 2)));
        byte[] pieces = join(mp4(0, mvhd(1, 1), soundTrack(1, 1, 1, 1)), box("moof", box("traf", many)));
        Arrays.fill(many, box("hdlr", ints(0, 0), latin("soun")));
        byte[] handlers = mp4(0, mvhd(1, 1), box("trak", box("mdia", many)));
        byte[] elements = new byte[size];
        Arrays.fill(elements, (byte) 0xA1);
        System.arraycopy(join(ebml("webm"), open(SEGMENT)), 0, elements, 0, join(ebml("webm"), open(SEGMENT)).length);
        byte[] marks = new byte[size];
        Arrays.fill(marks, (byte) 0xFF);
        System.arraycopy(mp3(3), 0, marks, 0, mp3(3).length);

        long began = System.nanoTime();
        for (byte[] file : new byte[][] {noPages, boxes, pieces, handlers, elements, marks}) {
            assertThat(millis(file)).isPositive();
        }
        assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
    }
}
