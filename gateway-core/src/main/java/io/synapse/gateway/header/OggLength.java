package io.synapse.gateway.header;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How long an Ogg file with Opus or Vorbis lasts: the last position of each stream. Streams are often one after the
 * other, so their lengths are added up.
 */
final class OggLength {
    private static final int HEAD = 27;
    private static final int OPUS_RATE = 48_000;

    private OggLength() {}

    /** A stream of sound: its rate, what its first samples are not heard of, and where it is. */
    private static final class Stream {
        private final long rate;
        private final long skipped;
        private long position;

        Stream(long rate, long skipped) {
            this.rate = rate;
            this.skipped = skipped;
        }
    }

    static Length of(byte[] file) {
        Map<Long, Stream> streams = new HashMap<>();
        long at = 0;
        while (at + HEAD <= file.length) {
            if (!Bytes.are(file, at, "OggS\0")) {
                at++;
                continue;
            }
            long serial = Bytes.littleU32(file, at + 14);
            int segments = Bytes.u8(file, at + 26);
            long body = at + HEAD + segments;
            if ((Bytes.u8(file, at + 5) & 2) != 0) {
                begin(streams, serial, file, body);
            }
            Stream stream = streams.get(serial);
            if (stream != null) {
                stream.position = Math.max(stream.position, Bytes.littleI64(file, at + 6));
            }
            at = body;
            for (int i = 0; i < segments; i++) {
                at += Bytes.u8(file, body - segments + i);
            }
        }
        if (streams.isEmpty()) {
            return Length.NONE;
        }
        double seconds = 0;
        for (Stream stream : streams.values()) {
            seconds += Math.max(0, stream.position - stream.skipped) / (double) stream.rate;
        }
        OptionalLong millis = Length.of(seconds, 1).millis();
        return new Length(true, millis);
    }

    private static void begin(Map<Long, Stream> streams, long serial, byte[] file, long body) {
        if (Bytes.are(file, body, "OpusHead")) {
            streams.put(serial, new Stream(OPUS_RATE, Bytes.littleU16(file, body + 10)));
        } else if (Bytes.are(file, body, "\u0001vorbis") && Bytes.littleU32(file, body + 12) > 0) {
            streams.put(serial, new Stream(Bytes.littleU32(file, body + 12), 0));
        }
    }
}
