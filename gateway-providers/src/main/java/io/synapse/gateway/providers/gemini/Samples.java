package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sound as it comes: signed samples of 16 bits, little-endian, one channel.
 *
 * @param bytes holds the samples
 * @param offset where they begin
 * @param length how many bytes they are
 * @param rate how many samples make a second
 */
@SuppressWarnings("ArrayRecordComponent")
record Samples(byte[] bytes, int offset, int length, int rate) {
    static final int USUAL_RATE = 24_000;

    private static final Pattern RATE = Pattern.compile("rate=([0-9]{4,6})");
    private static final int HEADER = 44;

    /**
     * Reads what the upstream sends: bare samples, or a WAV file.
     *
     * @param type the media type that it gives them: {@code audio/L16;codec=pcm;rate=24000}
     */
    static Samples of(byte[] bytes, String type) throws UpstreamException {
        if (name(bytes, 0).equals("RIFF") && name(bytes, 8).equals("WAVE")) {
            return ofWav(bytes);
        }
        String lower = type.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("audio/l16") && !lower.startsWith("audio/pcm")) {
            throw UpstreamErrors.malformed("answered with sound of another format than it should", null);
        }
        Matcher rate = RATE.matcher(lower);
        return checked(new Samples(bytes, 0, bytes.length, rate.find() ? Integer.parseInt(rate.group(1)) : USUAL_RATE));
    }

    private static Samples ofWav(byte[] wav) throws UpstreamException {
        ByteBuffer buffer = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        int rate = 0;
        long at = 12;
        while (at + 8 <= wav.length) {
            int body = (int) at + 8;
            // A file that was streamed does not know its own size: what is there counts.
            long size = Math.min(Integer.toUnsignedLong(buffer.getInt(body - 4)), wav.length - body);
            String chunk = name(wav, body - 8);
            if (chunk.equals("fmt ") && size >= 16) {
                boolean plain = buffer.getShort(body) == 1
                        && buffer.getShort(body + 2) == 1
                        && buffer.getShort(body + 14) == 16;
                rate = plain ? buffer.getInt(body + 4) : 0;
            } else if (chunk.equals("data") && rate > 0) {
                return checked(new Samples(wav, body, (int) size, rate));
            }
            at = body + size + (size & 1);
        }
        throw UpstreamErrors.malformed("answered with a WAV file that cannot be read", null);
    }

    private static Samples checked(Samples samples) throws UpstreamException {
        if (samples.length == 0 || samples.length % 2 != 0) {
            throw UpstreamErrors.malformed("answered with sound that is not whole", null);
        }
        return samples;
    }

    /** The header of a WAV file with these samples. */
    byte[] wavHeader() {
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put(ascii("RIFF")).putInt(HEADER - 8 + length).put(ascii("WAVE"));
        header.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
        header.putInt(rate).putInt(2 * rate).putShort((short) 2).putShort((short) 16);
        header.put(ascii("data")).putInt(length);
        return header.array();
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private static String name(byte[] bytes, int at) {
        return bytes.length < at + 4 ? "" : new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
    }
}
