package io.synapse.gateway.providers.sandbox;

import java.util.Arrays;

/** Writes numbers bit by bit, the highest first, as sound and film formats want them. Not for use by several threads. */
final class BitWriter {
    private byte[] bytes;
    private int size;
    private int pending;
    private int pendingBits;

    BitWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** Writes the lowest bits of a number: 1 to 32 of them. */
    void put(int count, int value) {
        for (int i = count - 1; i >= 0; i--) {
            pending = pending << 1 | (value >>> i & 1);
            if (++pendingBits == 8) {
                putByte(pending);
                pending = 0;
                pendingBits = 0;
            }
        }
    }

    /** Writes a number that is not negative in as many bits as it takes (Exp-Golomb, {@code ue(v)} in H.264). */
    void putUnsigned(int value) {
        int width = 32 - Integer.numberOfLeadingZeros(value + 1);
        if (width > 1) {
            put(width - 1, 0);
        }
        put(width, value + 1);
    }

    /** Fills the byte begun with zeros. */
    void align() {
        if (pendingBits > 0) {
            put(8 - pendingBits, 0);
        }
    }

    /** Writes a byte. Only where one begins. */
    void putByte(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(64, 2 * size));
        }
        bytes[size++] = (byte) value;
    }

    /** How many bytes are complete. */
    int size() {
        return size;
    }

    /** The complete bytes. */
    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }
}
