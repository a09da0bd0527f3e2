package io.synapse.gateway.providers.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.synapse.gateway.media.SpeechRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The text that the sandbox's speech carries in its file's tags, so that the sandbox's ears can give it back: a comment
 * beside the sandbox's name in a WAV, a text frame under its name in an MP3. Other programs' comments are not speech.
 */
final class CarriedText {
    private static final String NAME = "Synapse sandbox";
    /** What is longer was never spoken by the sandbox, whatever the tags say; characters of two halves count twice. */
    private static final int LONGEST = 2 * SpeechRequest.LONGEST_INPUT;

    private static final int ID3_HEADER = 10;
    private static final byte ID3_UTF_8 = 3;

    private CarriedText() {}

    /** The chunk of a WAV that carries a text: {@code LIST}, {@code INFO}, with the software and the comment. */
    static byte[] wavList(String text) {
        byte[] software = infoEntry("ISFT", NAME);
        byte[] comment = infoEntry("ICMT", text);
        ByteBuffer list =
                ByteBuffer.allocate(12 + software.length + comment.length).order(ByteOrder.LITTLE_ENDIAN);
        list.put(ascii("LIST")).putInt(list.capacity() - 8).put(ascii("INFO"));
        return list.put(software).put(comment).array();
    }

    private static byte[] infoEntry(String id, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        int length = bytes.length + 1;
        ByteBuffer entry = ByteBuffer.allocate(8 + length + length % 2).order(ByteOrder.LITTLE_ENDIAN);
        return entry.put(ascii(id)).putInt(length).put(bytes).array();
    }

    /** The beginning of an MP3 that carries a text: an ID3v2.4 tag. */
    static byte[] id3Tag(String text) {
        byte[] described = (NAME + "\0" + text).getBytes(UTF_8);
        ByteBuffer tag = ByteBuffer.allocate(2 * ID3_HEADER + 1 + described.length);
        tag.put(ascii("ID3")).put((byte) 4).put((byte) 0).put((byte) 0);
        tag.putInt(sevenBitBytes(tag.capacity() - ID3_HEADER));
        tag.put(ascii("TXXX")).putInt(sevenBitBytes(1 + described.length)).putShort((short) 0);
        return tag.put(ID3_UTF_8).put(described).array();
    }

    /** The text that a recording carries, or null if it is none of the sandbox's. */
    static @Nullable String in(byte[] sound) {
        String text = anyIn(sound);
        return text == null || text.length() > LONGEST ? null : text;
    }

    private static @Nullable String anyIn(byte[] sound) {
        if (startsWith(sound, 0, "RIFF") && startsWith(sound, 8, "WAVE")) {
            return inWav(sound);
        }
        return startsWith(sound, 0, "ID3") && sound.length > ID3_HEADER && sound[3] == 4 ? inId3(sound) : null;
    }

    private static @Nullable String inWav(byte[] sound) {
        int at = 12;
        while (at + 12 <= sound.length) {
            int length = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4);
            if (length < 0 || length > sound.length - at - 8) {
                return null;
            }
            if (startsWith(sound, at, "LIST") && startsWith(sound, at + 8, "INFO")) {
                byte[] list = Arrays.copyOfRange(sound, at + 12, Math.max(at + 12, at + 8 + length));
                return NAME.equals(infoEntry(list, "ISFT")) ? infoEntry(list, "ICMT") : null;
            }
            at += 8 + length + length % 2;
        }
        return null;
    }

    private static @Nullable String infoEntry(byte[] list, String id) {
        int at = 0;
        while (at + 8 <= list.length) {
            int length = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4);
            if (length < 1 || length > list.length - at - 8) {
                return null;
            }
            if (startsWith(list, at, id)) {
                return new String(list, at + 8, length - 1, UTF_8);
            }
            at += 8 + length + length % 2;
        }
        return null;
    }

    private static @Nullable String inId3(byte[] sound) {
        ByteBuffer tag = ByteBuffer.wrap(sound);
        int end = Math.min(sound.length, ID3_HEADER + fromSevenBitBytes(tag.getInt(6)));
        int at = ID3_HEADER;
        byte[] name = (NAME + "\0").getBytes(UTF_8);
        while (at + ID3_HEADER < end) {
            int length = fromSevenBitBytes(tag.getInt(at + 4));
            int from = at + ID3_HEADER;
            if (length < 1 || length > end - from) {
                return null;
            }
            boolean carries = startsWith(sound, at, "TXXX") && sound[from] == ID3_UTF_8 && length > name.length;
            if (carries && Arrays.equals(sound, from + 1, from + 1 + name.length, name, 0, name.length)) {
                return new String(sound, from + 1 + name.length, length - 1 - name.length, UTF_8);
            }
            at = from + length;
        }
        return null;
    }

    /** ID3 writes lengths in the lower seven bits of each byte, so that none looks like the beginning of a frame. */
    private static int sevenBitBytes(int length) {
        return (length & 0x7f) | (length & 0x3f80) << 1 | (length & 0x1fc000) << 2 | (length & 0xfe00000) << 3;
    }

    private static int fromSevenBitBytes(int bytes) {
        return (bytes & 0x7f) | (bytes & 0x7f00) >> 1 | (bytes & 0x7f0000) >> 2 | (bytes & 0x7f000000) >> 3;
    }

    private static boolean startsWith(byte[] bytes, int at, String ascii) {
        if (bytes.length - at < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
