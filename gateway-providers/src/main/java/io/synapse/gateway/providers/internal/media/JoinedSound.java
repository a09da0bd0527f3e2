package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sound that comes in several answers, passed on as one while it arrives. Formats that are a row of frames or samples
 * stand one after another as they are. Of WAVs there is one header, without the length that nobody knows yet: both its
 * sizes are {@code FFFFFFFF}, as programs write them that stream. For one thread.
 */
public final class JoinedSound {
    private static final Set<String> JOINABLE = Set.of("wav", "mp3", "aac", "pcm");
    /** Far more than the chunks of a WAV have that stand before its samples. */
    private static final int MOST_OF_A_CHUNK = 64 * 1024;
    /** Sizes near it and above stand for "not known yet". */
    private static final long UNKNOWN_SIZE = 0x7FFF_0000L;

    private static final int SHORTEST_FORMAT = 16;

    private final SpeechSink sink;
    private final String format;
    private final byte[] buffer = Sounds.buffer();
    private boolean begun;
    private byte @Nullable [] samples;

    /**
     * Joins answers.
     *
     * @param format their format, one that {@link #joins}
     */
    public JoinedSound(SpeechSink sink, String format) {
        this.sink = sink;
        this.format = format;
    }

    /** Whether sounds of a format can be joined without being decoded. */
    public static boolean joins(String format) {
        return JOINABLE.contains(format);
    }

    /**
     * Passes on the next answer, whole.
     *
     * @throws UpstreamException if it is no sound of the format, holds none, breaks off, or does not fit to what was
     *     before
     */
    public void add(UpstreamResponse response) throws UpstreamException {
        String type = Sounds.type(response, format);
        try {
            long count = format.equals("wav") ? wav(response) : copy(response.body(), type, Long.MAX_VALUE);
            if (count == 0) {
                throw UpstreamErrors.malformed("answered with no sound", null);
            }
        } catch (IOException e) {
            throw response.failure(e);
        }
    }

    private long wav(UpstreamResponse response) throws IOException, UpstreamException {
        InputStream in = response.body();
        byte[] riff = in.readNBytes(12);
        if (riff.length < 12 || !is("RIFF", riff, 0) || !is("WAVE", riff, 8)) {
            throw UpstreamErrors.malformed("answered with something that is no WAV", null);
        }
        byte[] described = null;
        while (true) {
            byte[] head = in.readNBytes(8);
            long size =
                    head.length < 8 ? 0 : Integer.toUnsignedLong(little(head).getInt(4));
            if (head.length == 8 && is("data", head, 0)) {
                begin(described);
                return samples(response, size);
            }
            byte[] content = in.readNBytes((int) Math.min(size + (size & 1), MOST_OF_A_CHUNK));
            if (head.length < 8 || content.length < size) {
                throw UpstreamErrors.malformed("answered with a WAV that has no samples", null);
            }
            if (is("fmt ", head, 0)) {
                described = content;
            }
        }
    }

    private void begin(byte @Nullable [] described) throws UpstreamException {
        if (described == null || described.length < SHORTEST_FORMAT) {
            throw UpstreamErrors.malformed("answered with a WAV that does not say what its samples are", null);
        }
        if (samples == null) {
            samples = described;
            begin("audio/wav");
            ByteBuffer header = ByteBuffer.allocate(28 + described.length).order(ByteOrder.LITTLE_ENDIAN);
            header.put(ascii("RIFF")).putInt(-1).put(ascii("WAVE"));
            header.put(ascii("fmt ")).putInt(described.length).put(described);
            header.put(ascii("data")).putInt(-1);
            sink.bytes(header.array(), 0, header.capacity());
        } else if (!Arrays.equals(samples, described)) {
            throw UpstreamErrors.malformed("answered with WAVs that do not fit together", null);
        }
    }

    private long samples(UpstreamResponse response, long size) throws IOException, UpstreamException {
        boolean known = size > 0 && size < UNKNOWN_SIZE;
        long count = copy(response.body(), "audio/wav", known ? size : Long.MAX_VALUE);
        if (known && count < size) {
            throw UpstreamErrors.malformed("answered with fewer samples than it says", null);
        }
        pad(count);
        // What stands behind the samples describes a file that is no more.
        response.finish();
        return count;
    }

    /** Completes a sample that was cut, or all that follow would be noise. */
    private void pad(long count) {
        int frame = samples == null ? 1 : Math.max(1, little(samples).getShort(12));
        int over = (int) (count % frame);
        if (over > 0) {
            sink.bytes(new byte[frame - over], 0, frame - over);
        }
    }

    private long copy(InputStream in, String type, long most) throws IOException {
        long copied = 0;
        while (copied < most) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, most - copied));
            if (count < 0) {
                break;
            }
            begin(type);
            sink.bytes(buffer, 0, count);
            copied += count;
        }
        return copied;
    }

    private void begin(String type) {
        if (!begun) {
            begun = true;
            sink.begins(type);
        }
    }

    private static boolean is(String name, byte[] bytes, int offset) {
        return Arrays.equals(bytes, offset, offset + 4, ascii(name), 0, 4);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
