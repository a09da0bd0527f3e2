package io.synapse.gateway.providers.sandbox;

import java.util.BitSet;

/**
 * Writes H.264 films without an encoder: blocks of 16x16 pixels are stored as they are ({@code I_PCM}) or taken from the
 * picture before ({@code P_Skip}). Every player reads that, and small where little moves.
 */
final class Avc {
    static final int BLOCK = 16;
    static final int BASELINE = 66;
    static final int CONSTRAINTS = 0xc0;
    static final int LEVEL = 30;

    private static final int KEY_SLICE = 0x65;
    private static final int SLICE = 0x61;
    private static final int FRAME_NUMBER_BITS = 4;
    private static final int PCM_IN_KEY_SLICE = 25;
    private static final int PCM_IN_SLICE = 30;

    private final int width;
    private final int height;

    /** The pixels of one picture: {@code 0xRRGGBB}. */
    @FunctionalInterface
    interface Picture {
        int color(int x, int y);
    }

    /** Films of a size; both sides are even. */
    Avc(int width, int height) {
        this.width = width;
        this.height = height;
    }

    int blocksAcross() {
        return Math.ceilDiv(width, BLOCK);
    }

    int blocksDown() {
        return Math.ceilDiv(height, BLOCK);
    }

    /** The sequence parameter set. */
    byte[] sequence() {
        BitWriter bits = new BitWriter(32);
        bits.putByte(0x67);
        bits.putByte(BASELINE);
        bits.putByte(CONSTRAINTS);
        bits.putByte(LEVEL);
        bits.putUnsigned(0); // id
        bits.putUnsigned(FRAME_NUMBER_BITS - 4);
        bits.putUnsigned(2); // pictures are shown in the order they come
        bits.putUnsigned(1); // reference pictures
        bits.put(1, 0); // no gaps
        bits.putUnsigned(blocksAcross() - 1);
        bits.putUnsigned(blocksDown() - 1);
        bits.put(1, 1); // frames, not fields
        bits.put(1, 0); // direct_8x8_inference_flag
        int right = blocksAcross() * BLOCK - width;
        int bottom = blocksDown() * BLOCK - height;
        bits.put(1, 1); // cropped, in steps of two pixels
        bits.putUnsigned(0);
        bits.putUnsigned(right / 2);
        bits.putUnsigned(0);
        bits.putUnsigned(bottom / 2);
        bits.put(1, 0); // no VUI
        return unit(bits);
    }

    /** The picture parameter set. */
    static byte[] picture() {
        BitWriter bits = new BitWriter(16);
        bits.putByte(0x68);
        bits.putUnsigned(0); // id
        bits.putUnsigned(0); // of sequence
        bits.put(2, 0); // CAVLC, no field order
        bits.putUnsigned(0); // one slice group
        bits.putUnsigned(0); // one reference picture
        bits.putUnsigned(0); // in either list
        bits.put(3, 0); // no weighted prediction
        bits.putUnsigned(0); // quantizers as usual, each zero
        bits.putUnsigned(0);
        bits.putUnsigned(0);
        bits.put(1, 1); // slices say themselves whether they are deblocked
        bits.put(2, 0); // no constrained prediction, no redundant pictures
        return unit(bits);
    }

    /** A frame that stands for itself. */
    byte[] keyFrame(Picture picture) {
        BitWriter bits = new BitWriter(blocksAcross() * blocksDown() * 400);
        bits.putByte(KEY_SLICE);
        bits.putUnsigned(0); // first block
        bits.putUnsigned(7); // all slices are I
        bits.putUnsigned(0); // picture parameter set
        bits.put(FRAME_NUMBER_BITS, 0);
        bits.putUnsigned(0); // idr_pic_id
        bits.put(2, 0); // dec_ref_pic_marking
        endOfHeader(bits);
        for (int y = 0; y < blocksDown(); y++) {
            for (int x = 0; x < blocksAcross(); x++) {
                bits.putUnsigned(PCM_IN_KEY_SLICE);
                samples(bits, picture, x * BLOCK, y * BLOCK);
            }
        }
        return unit(bits);
    }

    /**
     * A frame that changes some blocks of the one before.
     *
     * @param number which frame, from 1 for the one after the key frame
     * @param changed the blocks, numbered row by row
     */
    byte[] frame(int number, Picture picture, BitSet changed) {
        BitWriter bits = new BitWriter(64 + changed.cardinality() * 400);
        bits.putByte(SLICE);
        bits.putUnsigned(0); // first block
        bits.putUnsigned(5); // all slices are P
        bits.putUnsigned(0); // picture parameter set
        bits.put(FRAME_NUMBER_BITS, number);
        bits.put(3, 0); // reference pictures as usual: the one before
        endOfHeader(bits);
        int next = 0;
        for (int block = changed.nextSetBit(0); block >= 0; block = changed.nextSetBit(block + 1)) {
            bits.putUnsigned(block - next);
            bits.putUnsigned(PCM_IN_SLICE);
            samples(bits, picture, block % blocksAcross() * BLOCK, block / blocksAcross() * BLOCK);
            next = block + 1;
        }
        if (next < blocksAcross() * blocksDown()) {
            bits.putUnsigned(blocksAcross() * blocksDown() - next);
        }
        return unit(bits);
    }

    private static void endOfHeader(BitWriter bits) {
        bits.putUnsigned(0); // quantizer: as in the picture parameter set
        bits.putUnsigned(1); // no deblocking: it would soften stored blocks
    }

    /** A block's 256 samples of brightness and 64 each of blueness and redness. */
    private void samples(BitWriter bits, Picture picture, int left, int top) {
        bits.align();
        int[] block = new int[BLOCK * BLOCK];
        for (int i = 0; i < block.length; i++) {
            // What lies beyond the edge is cropped.
            int color = picture.color(Math.min(left + i % BLOCK, width - 1), Math.min(top + i / BLOCK, height - 1));
            block[i] = color;
            bits.putByte(sample(color, 66, 129, 25, 16));
        }
        int[] quarter = new int[block.length / 4];
        for (int i = 0; i < quarter.length; i++) {
            int at = i / 8 * 2 * BLOCK + i % 8 * 2;
            quarter[i] = mean(block[at], block[at + 1], block[at + BLOCK], block[at + BLOCK + 1]);
            bits.putByte(sample(quarter[i], -38, -74, 112, 128));
        }
        for (int color : quarter) {
            bits.putByte(sample(color, 112, -94, -18, 128));
        }
    }

    /** One of the three samples of a colour, as BT.601 weighs red, green and blue. */
    private static int sample(int color, int red, int green, int blue, int zero) {
        int sum = red * (color >> 16 & 0xff) + green * (color >> 8 & 0xff) + blue * (color & 0xff);
        return zero + ((sum + 128) >> 8);
    }

    private static int mean(int first, int second, int third, int fourth) {
        int mean = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int sum = (first >> shift & 0xff)
                    + (second >> shift & 0xff)
                    + (third >> shift & 0xff)
                    + (fourth >> shift & 0xff);
            mean |= (sum / 4) << shift;
        }
        return mean;
    }

    /** Ends a unit, and breaks up what in it would look like the beginning of another one. */
    private static byte[] unit(BitWriter bits) {
        bits.put(1, 1);
        bits.align();
        byte[] plain = bits.bytes();
        BitWriter unit = new BitWriter(plain.length + plain.length / 64 + 16);
        int zeros = 0;
        for (byte value : plain) {
            if (zeros >= 2 && (value & 0xff) <= 3) {
                unit.putByte(3);
                zeros = 0;
            }
            unit.putByte(value);
            zeros = value == 0 ? zeros + 1 : 0;
        }
        return unit.bytes();
    }
}
