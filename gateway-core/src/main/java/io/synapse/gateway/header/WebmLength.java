package io.synapse.gateway.header;

/**
 * How long a WebM (or Matroska) file lasts: what its head says, or the time of its last block, whichever is longer.
 * Browsers' recorders write no length, and leave open where a segment or a cluster ends.
 */
final class WebmLength {
    private static final long SEGMENT = 0x18538067L;
    private static final long CLUSTER = 0x1F43B675L;
    private static final long INFO = 0x1549A966L;
    private static final long BLOCK_GROUP = 0xA0;
    private static final long TIMESTAMP_SCALE = 0x2AD7B1L;
    private static final long DURATION = 0x4489;
    private static final long TIMESTAMP = 0xE7;
    private static final long BLOCK = 0xA1;
    private static final long SIMPLE_BLOCK = 0xA3;
    private static final double NANOS = 1e9;

    private final byte[] file;
    private long scale = 1_000_000;
    private double told;
    private long cluster;
    private long last;

    private WebmLength(byte[] file) {
        this.file = file;
    }

    static Length of(byte[] file) {
        WebmLength reader = new WebmLength(file);
        if (!reader.isWebm()) {
            return Length.NONE;
        }
        reader.walk();
        return Length.of(Math.max(reader.told, (double) reader.last) * reader.scale, NANOS);
    }

    private boolean isWebm() {
        long end = Math.min(file.length, 64);
        for (long at = 0; at < end; at++) {
            if (Bytes.are(file, at, "webm") || Bytes.are(file, at, "matroska")) {
                return true;
            }
        }
        return false;
    }

    /** Elements that hold others are stepped into, so that it does not matter where they end. */
    private void walk() {
        long at = 0;
        while (at < file.length) {
            int idBytes = width(at);
            int sizeBytes = width(at + idBytes);
            if (idBytes > 4 || sizeBytes > 8) {
                return;
            }
            long id = number(at, idBytes);
            long size = number(at + idBytes, sizeBytes) & ~(1L << (7 * sizeBytes));
            long body = at + idBytes + sizeBytes;
            if (id == SEGMENT || id == CLUSTER || id == INFO || id == BLOCK_GROUP) {
                at = body;
                continue;
            }
            element(id, body, size);
            if (size > file.length - body) {
                return;
            }
            at = body + size;
        }
    }

    private void element(long id, long body, long size) {
        if (id == TIMESTAMP_SCALE && size <= 8) {
            scale = Math.max(1, number(body, (int) size));
        } else if (id == DURATION && (size == 4 || size == 8)) {
            double value = size == 4
                    ? Float.intBitsToFloat((int) Bytes.u32(file, body))
                    : Double.longBitsToDouble(Bytes.i64(file, body));
            told = Double.isFinite(value) && value > 0 ? value : 0;
        } else if (id == TIMESTAMP && size <= 8) {
            cluster = Math.max(0, number(body, (int) size));
            last = Math.max(last, cluster);
        } else if (id == SIMPLE_BLOCK || id == BLOCK) {
            last = Math.max(last, cluster + (short) Bytes.u16(file, body + width(body)));
        }
    }

    /** How many bytes a number has, as its first byte says: 1 to 9, of which 9 is too many. */
    private int width(long at) {
        return Integer.numberOfLeadingZeros(Bytes.u8(file, at)) - 23;
    }

    private long number(long at, int bytes) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | Bytes.u8(file, at + i);
        }
        return number;
    }
}
