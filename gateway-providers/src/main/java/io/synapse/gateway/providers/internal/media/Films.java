package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the bytes of a film tell. */
public final class Films {
    private static final long MOST_MILLIS = 24L * 60 * 60 * 1000;

    private Films() {}

    /** The media type of a film by its first bytes, or null if they are none. */
    public static @Nullable String type(byte[] film) {
        if (film.length >= 12 && "ftyp".equals(name(ByteBuffer.wrap(film), 4))) {
            return "qt  ".equals(name(ByteBuffer.wrap(film), 8)) ? "video/quicktime" : "video/mp4";
        }
        if (film.length >= 4 && ByteBuffer.wrap(film).getInt() == 0x1A45DFA3) {
            return "video/webm";
        }
        return null;
    }

    /**
     * How long an MP4 lasts, in milliseconds, as its movie header says (ISO/IEC 14496-12, {@code mvhd}); empty where it has
     * none or the header is not believable.
     */
    public static OptionalLong durationMillis(byte[] film) {
        ByteBuffer bytes = ByteBuffer.wrap(film);
        int moov = child(bytes, 0, film.length, "moov");
        if (moov < 0) {
            return OptionalLong.empty();
        }
        int mvhd = child(bytes, moov + 8, moov + bytes.getInt(moov), "mvhd");
        if (mvhd < 0 || bytes.getInt(mvhd) < 40) {
            return OptionalLong.empty();
        }
        boolean wide = bytes.get(mvhd + 8) == 1;
        long scale = Integer.toUnsignedLong(bytes.getInt(mvhd + (wide ? 28 : 20)));
        long length = wide ? bytes.getLong(mvhd + 32) : Integer.toUnsignedLong(bytes.getInt(mvhd + 24));
        if (scale == 0 || length <= 0 || length / scale > MOST_MILLIS / 1000) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.ceilDiv(length * 1000, scale));
    }

    /**
     * How long a film lasts, in milliseconds: as it says itself, or as the upstream says where it does not.
     *
     * @param said what the upstream says, in seconds; may be anything
     * @throws UpstreamException if neither says it: nobody could be charged for such a film
     */
    public static long lasting(Media film, @Nullable Object said) throws UpstreamException {
        OptionalLong own = durationMillis(film.bytes());
        if (own.isPresent()) {
            return own.getAsLong();
        }
        if (said instanceof Number seconds
                && seconds.doubleValue() > 0
                && seconds.doubleValue() * 1000 <= MOST_MILLIS) {
            return (long) Math.ceil(seconds.doubleValue() * 1000);
        }
        throw UpstreamErrors.malformed("made a film that does not say how long it lasts", null);
    }

    /** Where the first box of that name begins between two places, or -1. */
    private static int child(ByteBuffer bytes, int from, int to, String name) {
        long at = from;
        while (at + 16 <= Math.min(to, bytes.limit())) {
            int place = (int) at;
            long size = Integer.toUnsignedLong(bytes.getInt(place));
            if (size == 1) {
                size = bytes.getLong(place + 8);
            } else if (name.equals(name(bytes, place + 4))) {
                return at + size <= bytes.limit() && size >= 16 ? place : -1;
            }
            if (size < 8 || size > bytes.limit()) {
                return -1;
            }
            at += size;
        }
        return -1;
    }

    private static String name(ByteBuffer bytes, int at) {
        byte[] name = new byte[4];
        bytes.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}
