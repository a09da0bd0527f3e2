package io.synapse.gateway.http.media;

import static io.synapse.gateway.http.media.SamplePictures.join;
import static io.synapse.gateway.http.media.SamplePictures.latin;
import static io.synapse.gateway.http.media.SamplePictures.little;
import static io.synapse.gateway.http.media.SamplePictures.riffChunk;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Recordings for tests: their structure is true, their sound is nothing. */
final class SampleSounds {
    private SampleSounds() {}

    // WAV

    static byte[] fmt(int format, int channels, int rate, int bits) {
        return riffChunk(
                "fmt ",
                little(16)
                        .putShort((short) format)
                        .putShort((short) channels)
                        .putInt(rate)
                        .putInt(rate * channels * bits / 8)
                        .putShort((short) (channels * bits / 8))
                        .putShort((short) bits)
                        .array());
    }

    static byte[] wav(byte[]... chunks) {
        byte[] body = join(chunks);
        return join(latin("RIFF"), little(4).putInt(4 + body.length).array(), latin("WAVE"), body);
    }

    /** Mono, 16 kHz, 16 bits: 32 bytes a millisecond. */
    static byte[] wavOf(int millis) {
        return wav(fmt(1, 1, 16_000, 16), riffChunk("data", new byte[32 * millis]));
    }

    /** Its data says that it has another size. */
    static byte[] lyingWav(int millis, int size) {
        return wav(fmt(1, 1, 16_000, 16), latin("data"), little(4).putInt(size).array(), new byte[32 * millis]);
    }

    // MP3

    /** Frames of MPEG 1 with 44.1 kHz and 128 kbit/s: 417 bytes, 1152 samples each. */
    static byte[] mp3(int frames) {
        byte[] frame = mp3Frame();
        byte[] all = new byte[frame.length * frames];
        for (int i = 0; i < frames; i++) {
            System.arraycopy(frame, 0, all, i * frame.length, frame.length);
        }
        return all;
    }

    private static byte[] mp3Frame() {
        byte[] frame = new byte[417];
        frame[0] = -1;
        frame[1] = (byte) 0xFB;
        frame[2] = (byte) 0x90;
        return frame;
    }

    /** A first frame that says that there are so many, and has no sound. */
    static byte[] xing(int frames) {
        byte[] frame = mp3Frame();
        byte[] words = ByteBuffer.allocate(12)
                .put(latin("Xing"))
                .putInt(1)
                .putInt(frames)
                .array();
        System.arraycopy(words, 0, frame, 36, words.length);
        return frame;
    }

    static byte[] id3(int size) {
        byte[] tag = new byte[10 + size];
        byte[] head = {'I', 'D', '3', 4, 0, 0, 0, (byte) (size >> 14), (byte) (size >> 7 & 0x7F), (byte) (size & 0x7F)};
        System.arraycopy(head, 0, tag, 0, 10);
        return tag;
    }

    // FLAC

    static byte[] flac(int rate, int channels, int bits, long samples, int bytes) {
        long packed = (long) rate << 44 | (long) (channels - 1) << 41 | (long) (bits - 1) << 36 | samples;
        return join(
                latin("fLaC\u0080\0\0\""),
                ByteBuffer.allocate(34)
                        .putShort((short) 4096)
                        .putShort((short) 4096)
                        .putLong(10, packed)
                        .array(),
                new byte[bytes]);
    }

    // Ogg

    static byte[] oggPage(int flags, long position, int serial, byte[] body) {
        ByteArrayOutputStream lacing = new ByteArrayOutputStream();
        int left = body.length;
        for (; left >= 255; left -= 255) {
            lacing.write(255);
        }
        lacing.write(left);
        return join(
                latin("OggS\0"),
                little(22)
                        .put((byte) flags)
                        .putLong(position)
                        .putInt(serial)
                        .putLong(0)
                        .put((byte) lacing.size())
                        .array(),
                lacing.toByteArray(),
                body);
    }

    static byte[] opusHead(int skipped) {
        return join(
                latin("OpusHead\1\1"),
                little(9).putShort((short) skipped).putInt(16_000).array());
    }

    static byte[] vorbisHead(int rate) {
        return join(
                latin("\1vorbis"),
                little(23).putInt(0).put((byte) 1).putInt(rate).array());
    }

    /** Pages of sound without end positions but for the last. */
    static byte[] ogg(int serial, byte[] head, int pages, long position) {
        byte[][] all = new byte[pages][];
        Arrays.fill(all, oggPage(0, -1, serial, new byte[60_000]));
        all[pages - 1] = oggPage(4, position, serial, new byte[60_000]);
        return join(oggPage(2, 0, serial, head), join(all));
    }

    // MP4

    static byte[] box(String name, byte[]... parts) {
        byte[] body = join(parts);
        return join(ByteBuffer.allocate(4).putInt(8 + body.length).array(), latin(name), body);
    }

    static byte[] ints(int... numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * numbers.length);
        for (int number : numbers) {
            buffer.putInt(number);
        }
        return buffer.array();
    }

    static byte[] mvhd(int timescale, int duration) {
        return box("mvhd", ints(0, 0, 0, timescale, duration), new byte[80]);
    }

    static byte[] soundTrack(int timescale, int duration, int samples, int each) {
        return box(
                "trak",
                box("tkhd", ints(0, 0, 0, 2, 0, duration), new byte[60]),
                box(
                        "mdia",
                        box("mdhd", ints(0, 0, 0, timescale, duration, 0)),
                        box("hdlr", ints(0, 0), latin("soun"), new byte[13]),
                        box("minf", box("stbl", box("stts", ints(0, 1, samples, each))))));
    }

    static byte[] mp4(int bytes, byte[]... movie) {
        return join(box("ftyp", latin("M4A \0\0\0\0M4A ")), box("mdat", new byte[bytes]), box("moov", movie));
    }

    // WebM

    static byte[] element(long id, byte[]... parts) {
        byte[] body = join(parts);
        return join(
                number(id), ByteBuffer.allocate(4).putInt(body.length | 1 << 28).array(), body);
    }

    /** Its end is left open, as recorders do that write as they go. */
    static byte[] open(long id, byte[]... parts) {
        return join(number(id), new byte[] {1, -1, -1, -1, -1, -1, -1, -1}, join(parts));
    }

    static byte[] number(long value) {
        int bytes = Math.max(1, (71 - Long.numberOfLeadingZeros(value)) / 8);
        return Arrays.copyOfRange(ByteBuffer.allocate(8).putLong(value).array(), 8 - bytes, 8);
    }

    static byte[] ebml(String type) {
        return element(0x1A45DFA3L, element(0x4282, latin(type)));
    }

    static byte[] info(long scale, double duration) {
        return element(
                0x1549A966L,
                element(0x2AD7B1L, number(scale)),
                element(0x4489, ByteBuffer.allocate(8).putDouble(duration).array()));
    }

    /** A cluster with a block so much later. */
    static byte[] cluster(int at, int later, int bytes) {
        return open(
                0x1F43B675L,
                element(0xE7, number(at)),
                element(0xA3, new byte[] {(byte) 0x81, (byte) (later >> 8), (byte) later, 0}, new byte[bytes]));
    }
}
