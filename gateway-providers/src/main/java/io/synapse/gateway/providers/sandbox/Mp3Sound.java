package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.provider.UpstreamException;

/**
 * Melodies as MP3: MPEG-2 layer III, 24,000 samples a second, one channel, 8 kbit/s. A frame is then 24 bytes and lasts
 * 24 ms, and a tone is a single spectral line of it; no encoder is needed.
 */
final class Mp3Sound {
    /** The distance of two spectral lines: 12,000 Hz in 576 lines. */
    static final double STEP_HERTZ = 12_000 / 576.0;

    static final int FRAME_BYTES = 24;

    /** Sync, MPEG-2, layer III, no checksum; 8 kbit/s at 24 kHz; mono. */
    private static final int HEADER = 0xfff314c0;

    private static final int LOUDNESS = 200;

    private Mp3Sound() {}

    static void write(Melody melody, SoundStream out) throws UpstreamException {
        for (Melody.Note note : melody.notes()) {
            byte[] frame = frame(note.pitch());
            for (int i = 0; i < note.beats(); i++) {
                out.write(frame);
            }
        }
    }

    /** A frame with one line of its spectrum set. */
    private static byte[] frame(int line) {
        // Lines are coded four at a time, up to the group of the one that sounds: a bit each, inverted, and its sign.
        int groups = line / 4 + 1;
        int length = 4 * groups + 1;
        BitWriter bits = new BitWriter(FRAME_BYTES);
        bits.put(32, HEADER);
        bits.put(8, 0); // main_data_begin: the frame's data is in the frame
        bits.put(1, 0); // private
        bits.put(12, length); // part2_3_length
        bits.put(9, 0); // big_values: no line is above 1
        bits.put(8, LOUDNESS); // global_gain
        bits.put(9, 0); // scalefac_compress: no scale factors
        bits.put(1, 0); // window_switching_flag
        bits.put(22, 0); // table_select, region0_count, region1_count: of big values
        bits.put(1, 0); // scalefac_scale
        bits.put(1, 1); // count1table_select: the table without a code tree
        for (int group = 0; group < groups; group++) {
            bits.put(4, group == groups - 1 ? 0xf ^ (8 >> (line % 4)) : 0xf);
        }
        bits.put(1, 0);
        bits.align();
        byte[] frame = new byte[FRAME_BYTES];
        System.arraycopy(bits.bytes(), 0, frame, 0, bits.size());
        return frame;
    }
}
