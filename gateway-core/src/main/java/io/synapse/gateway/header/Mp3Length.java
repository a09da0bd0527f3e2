package io.synapse.gateway.header;

/**
 * How long an MP3 lasts: every frame is counted, which takes little and cannot be lied about, unlike the lengths in Xing,
 * Info and VBRI headers or a constant bitrate that is not.
 */
final class Mp3Length {
    private static final int MOST_JUNK = 64 * 1024;
    /** So many frames in a row are no accident. */
    private static final int CERTAIN = 3;

    private static final int[] BITRATES_1 = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0};
    private static final int[] BITRATES_2 = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0};
    private static final int[] RATES = {44_100, 48_000, 32_000, 0};

    private Mp3Length() {}

    /** A frame: how many bytes it has, how many samples, and how many of those make a second. */
    private record Frame(int bytes, int samples, int rate) {}

    private static final Frame NO_FRAME = new Frame(0, 0, 0);

    static Length of(byte[] file) {
        long at = begin(file);
        if (at < 0) {
            return Length.NONE;
        }
        double seconds = 0;
        boolean first = true;
        while (at + 4 <= file.length) {
            Frame frame = frame(file, at);
            if (frame.bytes() == 0) {
                at++;
                continue;
            }
            if (!first || !isHeader(file, at, frame)) {
                seconds += (double) frame.samples() / frame.rate();
            }
            first = false;
            at += frame.bytes();
        }
        return Length.of(seconds, 1);
    }

    /** Where the first frame is; negative if there is none. */
    private static long begin(byte[] file) {
        long from = 0;
        while (Bytes.are(file, from, "ID3") && from + 10 <= file.length) {
            boolean footer = (Bytes.u8(file, from + 5) & 0x10) != 0;
            from += 10 + synchsafe(file, from + 6) + (footer ? 10 : 0);
        }
        for (long at = from; at < Math.min(from + MOST_JUNK, file.length); at++) {
            if (isCertain(file, at)) {
                return at;
            }
        }
        return -1;
    }

    private static long synchsafe(byte[] file, long at) {
        return (Bytes.u8(file, at) & 0x7FL) << 21
                | (Bytes.u8(file, at + 1) & 0x7F) << 14
                | (Bytes.u8(file, at + 2) & 0x7F) << 7
                | (Bytes.u8(file, at + 3) & 0x7F);
    }

    private static boolean isCertain(byte[] file, long from) {
        long at = from;
        for (int i = 0; i < CERTAIN; i++) {
            Frame frame = frame(file, at);
            if (frame.bytes() == 0) {
                return false;
            }
            at += frame.bytes();
            if (at >= file.length) {
                return i > 0;
            }
        }
        return true;
    }

    private static Frame frame(byte[] file, long at) {
        int head = (int) Bytes.u32(file, at);
        int version = head >>> 19 & 3;
        int layer = head >>> 17 & 3;
        int rate = RATES[head >>> 10 & 3];
        int kilobits = (version == 3 ? BITRATES_1 : BITRATES_2)[head >>> 12 & 15];
        if (head >>> 21 != 0x7FF || version == 1 || layer != 1 || rate == 0 || kilobits == 0) {
            return NO_FRAME;
        }
        boolean first = version == 3;
        int ownRate = first ? rate : version == 2 ? rate / 2 : rate / 4;
        int samples = first ? 1152 : 576;
        int padding = head >>> 9 & 1;
        return new Frame(samples / 8 * kilobits * 1000 / ownRate + padding, samples, ownRate);
    }

    /** A first frame without sound, which only says things. */
    private static boolean isHeader(byte[] file, long at, Frame frame) {
        boolean mono = (Bytes.u8(file, at + 3) >> 6) == 3;
        int side = frame.samples() == 1152 ? (mono ? 17 : 32) : mono ? 9 : 17;
        return Bytes.are(file, at + 4 + side, "Xing")
                || Bytes.are(file, at + 4 + side, "Info")
                || Bytes.are(file, at + 36, "VBRI");
    }
}
