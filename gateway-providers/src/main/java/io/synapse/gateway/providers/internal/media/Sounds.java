package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Passes an upstream's sound on as it arrives. */
public final class Sounds {
    private static final int MOST_AT_ONCE = 16 * 1024;

    private Sounds() {}

    /**
     * Passes on one whole answer.
     *
     * @param format the format asked for, in the words of requests; null for the upstream's own, which is MP3
     * @throws UpstreamException if it is no sound, holds none, or breaks off
     */
    public static void pass(UpstreamResponse response, @Nullable String format, SpeechSink sink)
            throws UpstreamException {
        String type = type(response, format);
        byte[] buffer = buffer();
        int count = read(response, buffer);
        if (count < 0) {
            throw UpstreamErrors.malformed("answered with no sound", null);
        }
        sink.begins(type);
        while (count >= 0) {
            sink.bytes(buffer, 0, count);
            count = read(response, buffer);
        }
    }

    /** The media type of an answer's sound: as the upstream says, where it says more than "bytes". */
    static String type(UpstreamResponse response, @Nullable String format) throws UpstreamException {
        if (response.isJson()) {
            throw UpstreamErrors.malformed("answered with JSON instead of sound", null);
        }
        if (response.mediaType().startsWith("text/")) {
            throw UpstreamErrors.malformed("answered with text instead of sound", null);
        }
        String said = response.header("Content-Type");
        if (said != null
                && said.chars().allMatch(c -> c >= ' ' && c < 0x7F)
                && response.mediaType().startsWith("audio/")) {
            // With its parameters: without them nobody can play bare samples.
            return said.strip();
        }
        return switch (format == null ? "mp3" : format) {
            case "wav" -> "audio/wav";
            case "opus" -> "audio/ogg";
            case "aac" -> "audio/aac";
            case "flac" -> "audio/flac";
            case "pcm" -> "audio/pcm";
            default -> "audio/mpeg";
        };
    }

    static byte[] buffer() {
        return new byte[MOST_AT_ONCE];
    }

    /** The next bytes, as many as have come; at least one, or -1 at the end. */
    private static int read(UpstreamResponse response, byte[] buffer) throws UpstreamException {
        try {
            return response.body().read(buffer);
        } catch (IOException e) {
            throw response.failure(e);
        }
    }
}
