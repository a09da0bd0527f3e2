package io.synapse.gateway.header;

import java.nio.charset.StandardCharsets;

/**
 * Numbers and marks in a file whose every byte may be a lie. Behind its end everything is zero, and places are longs, so
 * that no size in a header can make a reader fail or go round.
 */
final class Bytes {
    private Bytes() {}

    static int u8(byte[] file, long at) {
        return at >= 0 && at < file.length ? file[(int) at] & 0xFF : 0;
    }

    static int u16(byte[] file, long at) {
        return u8(file, at) << 8 | u8(file, at + 1);
    }

    static int u24(byte[] file, long at) {
        return u16(file, at) << 8 | u8(file, at + 2);
    }

    static long u32(byte[] file, long at) {
        return (long) u16(file, at) << 16 | u16(file, at + 2);
    }

    /** Negative where the highest bit is set. */
    static long i64(byte[] file, long at) {
        return u32(file, at) << 32 | u32(file, at + 4);
    }

    static int littleU16(byte[] file, long at) {
        return u8(file, at + 1) << 8 | u8(file, at);
    }

    static int littleU24(byte[] file, long at) {
        return u8(file, at + 2) << 16 | littleU16(file, at);
    }

    static long littleU32(byte[] file, long at) {
        return (long) littleU16(file, at + 2) << 16 | littleU16(file, at);
    }

    /** Negative where the highest bit is set. */
    static long littleI64(byte[] file, long at) {
        return littleU32(file, at + 4) << 32 | littleU32(file, at);
    }

    /** Whether the characters stand there, each a byte. */
    static boolean are(byte[] file, long at, String characters) {
        if (at < 0 || at + characters.length() > file.length) {
            return false;
        }
        for (int i = 0; i < characters.length(); i++) {
            if (u8(file, at + i) != characters.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The four characters that name a part of a file. */
    static String name(byte[] file, long at) {
        return at >= 0 && at + 4 <= file.length ? new String(file, (int) at, 4, StandardCharsets.ISO_8859_1) : "";
    }
}
