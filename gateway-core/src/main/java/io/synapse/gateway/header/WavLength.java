package io.synapse.gateway.header;

/** How long a WAV file lasts: its samples are there to be counted. */
final class WavLength {
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int MU_LAW = 7;
    private static final int A_LAW = 6;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int MS_ADPCM = 2;
    private static final int IMA_ADPCM = 0x11;

    private WavLength() {}

    static Length of(byte[] file) {
        long bytesPerSecond = 0;
        long sound = 0;
        boolean found = false;
        long at = 12;
        while (at + 8 <= file.length) {
            long size = Bytes.littleU32(file, at + 4);
            long body = at + 8;
            String name = Bytes.name(file, at);
            if (name.equals("fmt ")) {
                bytesPerSecond = bytesPerSecond(file, body);
            } else if (name.equals("data") && bytesPerSecond > 0) {
                found = true;
                long end = end(file, body, size);
                sound += end - body;
                size = end - body;
            }
            at = body + size + (size & 1);
        }
        return found ? Length.of(sound, bytesPerSecond) : Length.NONE;
    }

    private static long bytesPerSecond(byte[] file, long at) {
        int format = Bytes.littleU16(file, at);
        long channels = Bytes.littleU16(file, at + 2);
        long rate = Bytes.littleU32(file, at + 4);
        long bits = Bytes.littleU16(file, at + 14);
        long frame = Bytes.littleU16(file, at + 12);
        long samples = Bytes.littleU16(file, at + 18);
        // The field that says it once more is not what players go by.
        return switch (format) {
            case PCM, FLOAT, EXTENSIBLE, A_LAW, MU_LAW -> rate * channels * ((bits + 7) / 8);
            case MS_ADPCM, IMA_ADPCM -> samples == 0 ? 0 : rate * frame / samples;
            default -> Bytes.littleU32(file, at + 8);
        };
    }

    /**
     * The end of the sound. Recorders that could not go back leave the size empty or full; and a size that is not
     * followed by the end or by another chunk would hide what comes after it.
     */
    private static long end(byte[] file, long body, long size) {
        long end = body + size;
        long next = end + (size & 1);
        boolean atEnd = next == file.length || end == file.length;
        boolean beforeChunk = next + 8 <= file.length
                && Bytes.name(file, next).chars().allMatch(c -> c >= ' ' && c < 0x7F)
                && next + 8 + Bytes.littleU32(file, next + 4) <= file.length;
        return size > 0 && (atEnd || beforeChunk) ? end : file.length;
    }
}
