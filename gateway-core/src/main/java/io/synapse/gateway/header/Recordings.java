package io.synapse.gateway.header;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.media.Media;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the recordings that callers upload: tells their format by their bytes and how long they last by their structure.
 * The length is money, and the caller wrote the file; so frames and samples are counted where a format lets us count
 * them, and what a header says must be possible for the bytes that there are. Nothing is decoded.
 */
public final class Recordings {
    /** The most bytes of a recording: 25 MB. */
    public static final int MOST_BYTES = 25 * 1024 * 1024;

    /** No codec makes less of sound that is worth writing down; a header that says so is wrong. */
    private static final long LEAST_BITS_PER_SECOND = 2_000;
    /** And none needs more: a film in the highest resolution, sound as studios have it. */
    private static final int MOST_BITS = 50_000_000;
    /** What speech takes at the least where nothing else is known; it errs on the long side. */
    private static final long LIKELY_BITS_PER_SECOND = 32_000;

    private static final int LONGEST_STEM = 80;

    /**
     * A recording.
     *
     * @param media its bytes and its type, by the bytes
     * @param filename a name that is safe to pass on, with the ending of its format
     * @param durationMillis how long it lasts, in milliseconds; 1 at least
     */
    public record Recording(Media media, String filename, long durationMillis) {}

    private enum Format {
        MP3("audio/mpeg", "mp3", 640_000, List.of("mpga", "mpeg")),
        WAV("audio/wav", "wav", MOST_BITS, List.of()),
        FLAC("audio/flac", "flac", MOST_BITS, List.of()),
        OGG("audio/ogg", "ogg", 1_024_000, List.of("oga", "opus")),
        MP4("audio/mp4", "m4a", MOST_BITS, List.of("mp4")),
        WEBM("audio/webm", "webm", MOST_BITS, List.of());

        private final String type;
        private final String ending;
        /** More than this in a second is a lie. */
        private final long mostBitsPerSecond;

        @SuppressWarnings("ImmutableEnumChecker")
        private final List<String> otherEndings;

        Format(String type, String ending, long mostBitsPerSecond, List<String> otherEndings) {
            this.type = type;
            this.ending = ending;
            this.mostBitsPerSecond = mostBitsPerSecond;
            this.otherEndings = otherEndings;
        }
    }

    private record Found(Format format, OptionalLong millis) {}

    private Recordings() {}

    /**
     * Reads a recording.
     *
     * @param param the field, for the error
     * @param bytes the file, not to be changed any more
     * @param filename its name as the sender has it
     * @throws InvalidRequestException if it is no recording of a known format, or larger than {@link #MOST_BYTES}
     */
    public static Recording read(String param, byte[] bytes, String filename) {
        if (bytes.length > MOST_BYTES) {
            throw new InvalidRequestException(
                    param,
                    "'" + param + "' is larger than " + MOST_BYTES / (1024 * 1024)
                            + " MB, which is the limit of a recording.");
        }
        Found found = find(bytes);
        if (found == null) {
            throw new InvalidRequestException(
                    param,
                    "'" + param
                            + "' must be a recording: mp3, wav, m4a, mp4, ogg (Opus or Vorbis), webm or flac; its bytes"
                            + (bytes.length == 0 ? " are missing." : " are none of these."));
        }
        Format format = found.format();
        long likely = millis(bytes.length, LIKELY_BITS_PER_SECOND);
        long millis = found.millis().orElse(likely);
        long least = Math.max(1, millis(bytes.length, format.mostBitsPerSecond));
        long most = Math.max(least, millis(bytes.length, LEAST_BITS_PER_SECOND));
        return new Recording(
                new Media(bytes, format.type), safeName(filename, format), Math.clamp(millis, least, most));
    }

    private static long millis(long bytes, long bitsPerSecond) {
        return bytes * 8 * 1000 / bitsPerSecond;
    }

    private static @Nullable Found find(byte[] file) {
        if (Bytes.are(file, 0, "RIFF") && Bytes.are(file, 8, "WAVE")) {
            return found(Format.WAV, WavLength.of(file));
        }
        if (Bytes.are(file, 0, "fLaC")) {
            return found(Format.FLAC, FlacLength.of(file));
        }
        if (Bytes.are(file, 0, "OggS")) {
            return found(Format.OGG, OggLength.of(file));
        }
        if (Bytes.are(file, 4, "ftyp")) {
            return found(Format.MP4, Mp4Length.of(file));
        }
        if (Bytes.are(file, 0, "\u001aE\u00df\u00a3")) {
            return found(Format.WEBM, WebmLength.of(file));
        }
        return found(Format.MP3, Mp3Length.of(file));
    }

    private static @Nullable Found found(Format format, Length length) {
        return length.known() ? new Found(format, length.millis()) : null;
    }

    private static String safeName(String filename, Format format) {
        String name = filename.substring(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
        int dot = name.lastIndexOf('.');
        String ending = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        String stem = (dot < 0 ? name : name.substring(0, dot)).replaceAll("[^A-Za-z0-9_-]+", "_");
        if (stem.isEmpty() || stem.equals("_")) {
            stem = "recording";
        }
        return stem.substring(0, Math.min(stem.length(), LONGEST_STEM)) + "."
                + (format.otherEndings.contains(ending) ? ending : format.ending);
    }
}
