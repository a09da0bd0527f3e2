package io.synapse.gateway.testkit;

import io.synapse.gateway.media.Media;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Pictures, sound and film, real as far as programs look that do not play them. */
final class SampleMedia {
    private static final byte[] DOT = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private SampleMedia() {}

    /** A PNG of one pixel; each number has bytes of its own. */
    static Media picture(int number) {
        byte[] bytes = Arrays.copyOf(DOT, DOT.length + 1);
        bytes[DOT.length] = (byte) number;
        return new Media(bytes, "image/png");
    }

    /** An MP4 without pictures, whose header says how long it lasts. */
    static Media film(int millis) {
        ByteBuffer film = ByteBuffer.allocate(16 + 8 + 108);
        film.putInt(16).put("ftypisom".getBytes(StandardCharsets.US_ASCII)).putInt(0);
        film.putInt(8 + 108).put("moov".getBytes(StandardCharsets.US_ASCII));
        film.putInt(108).put("mvhd".getBytes(StandardCharsets.US_ASCII));
        film.putInt(16 + 8 + 20, 1000).putInt(16 + 8 + 24, millis);
        return new Media(film.array(), "video/mp4");
    }

    /** A WAV of silence. */
    static Media recording(int millis) {
        int samples = 8 * millis;
        ByteBuffer wav = ByteBuffer.allocate(44 + samples).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + samples);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(8_000).putInt(8_000);
        wav.putShort((short) 1).putShort((short) 8);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples);
        Arrays.fill(wav.array(), 44, 44 + samples, (byte) 0x80);
        return new Media(wav.array(), "audio/wav");
    }

    /** As text of one character a byte, to be looked for in a request: as it is, and in base64. */
    static String[] traces(Media media) {
        return new String[] {
            new String(media.bytes(), StandardCharsets.ISO_8859_1),
            Base64.getEncoder().encodeToString(media.bytes())
        };
    }
}
