package io.synapse.gateway.providers.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads MP4 files as a player does: walks the boxes, finds each frame through the sample tables, and decodes the little
 * of H.264 that stored and skipped blocks take. Checks all that is said twice.
 */
final class FilmReader {
    final Map<String, ByteBuffer> boxes = new LinkedHashMap<>();
    final long millis;
    final int width;
    final int height;
    /** The brightness of each pixel of each frame. */
    final List<int[]> frames = new ArrayList<>();

    private final int across;
    private final int down;

    FilmReader(byte[] film) {
        walk(ByteBuffer.wrap(film), "");
        assertThat(boxes).containsKeys("ftyp", "mdat");
        ByteBuffer header = box("moov/mvhd");
        assertThat(header.getInt(12)).isEqualTo(1000);
        millis = header.getInt(16);
        assertThat(box("moov/trak/tkhd").getInt(20)).isEqualTo((int) millis);
        assertThat(box("moov/trak/mdia/mdhd").getInt(16)).isEqualTo((int) millis);
        width = box("moov/trak/tkhd").getInt(76) >> 16;
        height = box("moov/trak/tkhd").getInt(80) >> 16;
        across = (width + 15) / 16;
        down = (height + 15) / 16;
        ByteBuffer entry = box("moov/trak/mdia/minf/stbl/stsd");
        assertThat(text(entry, 12)).isEqualTo("avc1");
        assertThat((int) entry.getShort(40)).isEqualTo(width);
        assertThat((int) entry.getShort(42)).isEqualTo(height);
        assertThat(text(entry, 98)).isEqualTo("avcC");
        readFrames(film);
    }

    private ByteBuffer box(String path) {
        assertThat(boxes).containsKey(path);
        return boxes.get(path);
    }

    private void walk(ByteBuffer content, String parent) {
        while (content.hasRemaining()) {
            int length = content.getInt(content.position());
            assertThat(length).isBetween(8, content.remaining());
            String path = parent + text(content, content.position() + 4);
            ByteBuffer inner = content.slice(content.position() + 8, length - 8);
            boxes.put(path, inner);
            if (path.matches("moov|.*/(trak|mdia|minf|dinf|stbl)")) {
                walk(inner.duplicate(), path + "/");
            }
            content.position(content.position() + length);
        }
    }

    private static String text(ByteBuffer bytes, int at) {
        byte[] text = new byte[4];
        bytes.get(at, text);
        return new String(text, US_ASCII);
    }

    private void readFrames(byte[] film) {
        String table = "moov/trak/mdia/minf/stbl/";
        ByteBuffer sizes = box(table + "stsz");
        int count = sizes.getInt(8);
        ByteBuffer times = box(table + "stts");
        assertThat(times.getInt(4)).isEqualTo(1);
        assertThat(times.getInt(8)).isEqualTo(count);
        assertThat(times.getInt(8) * (long) times.getInt(12)).isEqualTo(millis);
        ByteBuffer chunks = box(table + "stsc");
        assertThat(chunks.getInt(8)).isEqualTo(1);
        assertThat(chunks.getInt(12)).isEqualTo(count);
        assertThat(box(table + "stss").getInt(8)).isEqualTo(1);
        int at = box(table + "stco").getInt(8);
        assertThat(at).isEqualTo(film.length - box("mdat").remaining());
        for (int i = 0; i < count; i++) {
            int length = sizes.getInt(12 + 4 * i);
            assertThat(ByteBuffer.wrap(film).getInt(at)).isEqualTo(length - 4);
            frames.add(decode(Arrays.copyOfRange(film, at + 4, at + length), i));
            at += length;
        }
        assertThat(at).isEqualTo(film.length);
    }

    private int[] decode(byte[] unit, int number) {
        int[] frame =
                number == 0 ? new int[width * height] : frames.get(number - 1).clone();
        Bits bits = new Bits(plain(unit));
        boolean key = bits.read(8) == 0x65;
        assertThat(key).isEqualTo(number == 0);
        bits.unsigned(); // first block
        assertThat(bits.unsigned()).isEqualTo(key ? 7 : 5);
        bits.unsigned(); // picture parameter set
        assertThat(bits.read(4)).isEqualTo(number % 16);
        if (key) {
            bits.unsigned(); // idr_pic_id
        }
        bits.read(key ? 2 : 3);
        bits.unsigned(); // quantizer
        assertThat(bits.unsigned()).isEqualTo(1);
        int block = 0;
        while (bits.more()) {
            block += key ? 0 : bits.unsigned();
            if (bits.more()) {
                assertThat(bits.unsigned()).isEqualTo(key ? 25 : 30);
                bits.align();
                for (int i = 0; i < 256; i++) {
                    int x = block % across * 16 + i % 16;
                    int y = block / across * 16 + i / 16;
                    int sample = bits.read(8);
                    if (x < width && y < height) {
                        frame[y * width + x] = sample;
                    }
                }
                for (int i = 0; i < 128; i++) {
                    bits.read(8);
                }
                block++;
            }
        }
        assertThat(block).isEqualTo(across * down);
        return frame;
    }

    private static byte[] plain(byte[] unit) {
        byte[] plain = new byte[unit.length];
        int length = 0;
        int zeros = 0;
        for (byte value : unit) {
            if (zeros >= 2) {
                assertThat((int) value).as("what only a start code may have").isNotIn(0, 1, 2);
            }
            if (zeros >= 2 && value == 3) {
                zeros = 0;
                continue;
            }
            plain[length++] = value;
            zeros = value == 0 ? zeros + 1 : 0;
        }
        return Arrays.copyOf(plain, length);
    }

    private static final class Bits {
        private final byte[] bytes;
        private final int end;
        private int at;

        Bits(byte[] bytes) {
            this.bytes = bytes;
            this.end = 8 * bytes.length - 1 - Integer.numberOfTrailingZeros(bytes[bytes.length - 1]);
        }

        boolean more() {
            return at < end;
        }

        int read(int count) {
            int value = 0;
            for (int i = 0; i < count; i++, at++) {
                value = (value << 1) | ((bytes[at / 8] >> (7 - at % 8)) & 1);
            }
            return value;
        }

        int unsigned() {
            int zeros = 0;
            while (read(1) == 0) {
                zeros++;
            }
            return (1 << zeros) - 1 + read(zeros);
        }

        void align() {
            at = (at + 7) / 8 * 8;
        }
    }
}
