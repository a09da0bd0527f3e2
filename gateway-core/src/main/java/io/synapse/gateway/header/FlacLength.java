package io.synapse.gateway.header;

/** How long a FLAC file lasts, by its first block; never less than its sound would last uncompressed. */
final class FlacLength {
    private FlacLength() {}

    static Length of(byte[] file) {
        if ((Bytes.u8(file, 4) & 0x7F) != 0 || Bytes.u24(file, 5) != 34 || file.length < 42) {
            return Length.NONE;
        }
        int rate = Bytes.u24(file, 18) >> 4;
        int channels = (Bytes.u8(file, 20) >> 1 & 7) + 1;
        int bits = ((Bytes.u16(file, 20) >> 4) & 0x1F) + 1;
        long samples = Bytes.i64(file, 18) & 0xF_FFFF_FFFFL;
        if (rate == 0) {
            return Length.NONE;
        }
        Length uncompressed = Length.of((file.length - soundBegins(file)) * 8 / channels / bits, rate);
        return samples == 0 ? Length.UNTOLD : Length.of(samples, rate).or(uncompressed);
    }

    private static long soundBegins(byte[] file) {
        long at = 4;
        boolean last = false;
        while (!last && at + 4 <= file.length) {
            last = (Bytes.u8(file, at) & 0x80) != 0;
            at += 4 + Bytes.u24(file, at + 1);
        }
        return Math.min(at, file.length);
    }
}
