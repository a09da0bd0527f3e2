package io.synapse.gateway.header;

import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What a picture's first bytes say of it: read without decoding a single pixel, because a small file can unfold to
 * gigabytes. Where a file says its size several times over, the largest counts.
 *
 * @param type its media type, by its bytes: {@code image/png}, {@code image/jpeg}, {@code image/webp} or
 *     {@code image/gif}
 * @param width in pixels, 1 at least
 * @param height in pixels, 1 at least
 * @param frames how many pictures there are in it: 1, or more where it moves
 */
public record PictureHeader(String type, long width, long height, int frames) {
    private static final String PNG = "\u0089PNG\r\n\u001a\n";
    private static final int PNG_HEADER_END = 33;
    private static final int STREAMED_HEIGHT = 0;

    /** The header of a picture; empty if the bytes are not a picture of a known type, or its header is broken. */
    public static Optional<PictureHeader> of(byte[] file) {
        PictureHeader header = null;
        if (Bytes.are(file, 0, PNG)) {
            header = png(file);
        } else if (Bytes.are(file, 0, "\u00ff\u00d8\u00ff")) {
            header = jpeg(file);
        } else if (Bytes.are(file, 0, "GIF87a") || Bytes.are(file, 0, "GIF89a")) {
            header = gif(file);
        } else if (Bytes.are(file, 0, "RIFF") && Bytes.are(file, 8, "WEBP")) {
            header = webp(file);
        }
        return Optional.ofNullable(header)
                .filter(found -> found.width() > 0 && found.height() > 0 && found.frames() > 0);
    }

    private static PictureHeader nothing() {
        return new PictureHeader("", 0, 0, 0);
    }

    private static PictureHeader png(byte[] file) {
        if (file.length < PNG_HEADER_END || Bytes.u32(file, 8) != 13 || !Bytes.are(file, 12, "IHDR")) {
            return nothing();
        }
        CRC32 sum = new CRC32();
        sum.update(file, 12, 17);
        if (sum.getValue() != Bytes.u32(file, 29)) {
            return nothing();
        }
        int moving = 0;
        for (long at = PNG_HEADER_END; at + 12 <= file.length && !Bytes.are(file, at + 4, "IEND"); ) {
            if (Bytes.are(file, at + 4, "fcTL")) {
                moving++;
            }
            at += 12 + Bytes.u32(file, at);
        }
        return new PictureHeader("image/png", Bytes.u32(file, 16), Bytes.u32(file, 20), Math.max(1, moving));
    }

    private static PictureHeader jpeg(byte[] file) {
        long at = 2;
        while (at + 4 <= file.length && Bytes.u8(file, at) == 0xFF) {
            int marker = Bytes.u8(file, at + 1);
            if (marker == 0xFF) {
                at++;
                continue;
            }
            if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
                at += 2;
                continue;
            }
            int length = Bytes.u16(file, at + 2);
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame) {
                return frame(file, at + 4, length - 2);
            }
            // The pixels begin, or the file ends, before its size was told.
            if (length < 2 || marker == 0xDA || marker == 0xD9) {
                return nothing();
            }
            at += 2 + length;
        }
        return nothing();
    }

    private static PictureHeader frame(byte[] file, long at, int length) {
        int components = Bytes.u8(file, at + 5);
        int height = Bytes.u16(file, at + 1);
        if (components == 0 || length != 6 + 3 * components || at + length > file.length || height == STREAMED_HEIGHT) {
            return nothing();
        }
        return new PictureHeader("image/jpeg", Bytes.u16(file, at + 3), height, 1);
    }

    /** Its frames may lie outside of the size that its head tells, and some readers then make room for them. */
    private static PictureHeader gif(byte[] file) {
        long width = Bytes.littleU16(file, 6);
        long height = Bytes.littleU16(file, 8);
        int frames = 0;
        long at = 13L + colours(Bytes.u8(file, 10));
        while (at < file.length) {
            int block = Bytes.u8(file, at);
            if (block == 0x2C && at + 10 <= file.length) {
                frames++;
                width = Math.max(width, Bytes.littleU16(file, at + 1) + Bytes.littleU16(file, at + 5));
                height = Math.max(height, Bytes.littleU16(file, at + 3) + Bytes.littleU16(file, at + 7));
                at = afterParts(file, at + 11 + colours(Bytes.u8(file, at + 9)));
            } else if (block == 0x21) {
                at = afterParts(file, at + 2);
            } else {
                break;
            }
        }
        return new PictureHeader("image/gif", width, height, frames);
    }

    private static int colours(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static long afterParts(byte[] file, long from) {
        long at = from;
        int length;
        do {
            length = Bytes.u8(file, at);
            at += 1 + length;
        } while (length > 0);
        return at;
    }

    private static PictureHeader webp(byte[] file) {
        // Writers disagree on whether the last chunk's padding counts.
        if (Bytes.littleU32(file, 4) + 8 > file.length + 1L) {
            return nothing();
        }
        long width = 0;
        long height = 0;
        int moving = 0;
        boolean pixels = false;
        for (long at = 12; at + 8 <= file.length; ) {
            long size = Bytes.littleU32(file, at + 4);
            long body = at + 8;
            switch (Bytes.name(file, at)) {
                case "VP8X" -> {
                    width = Math.max(width, Bytes.littleU24(file, body + 4) + 1L);
                    height = Math.max(height, Bytes.littleU24(file, body + 7) + 1L);
                }
                case "VP8 " -> {
                    boolean whole = (Bytes.u8(file, body) & 1) == 0 && Bytes.are(file, body + 3, "\u009d\u0001*");
                    pixels |= whole;
                    width = Math.max(width, whole ? Bytes.littleU16(file, body + 6) & 0x3FFF : 0);
                    height = Math.max(height, whole ? Bytes.littleU16(file, body + 8) & 0x3FFF : 0);
                }
                case "VP8L" -> {
                    boolean signed = size >= 5 && Bytes.u8(file, body) == 0x2F;
                    long bits = Bytes.littleU32(file, body + 1);
                    pixels |= signed;
                    width = Math.max(width, signed ? (bits & 0x3FFF) + 1 : 0);
                    height = Math.max(height, signed ? (bits >> 14 & 0x3FFF) + 1 : 0);
                }
                case "ANMF" -> {
                    moving++;
                    pixels = true;
                    width = Math.max(width, 2L * Bytes.littleU24(file, body) + Bytes.littleU24(file, body + 6) + 1);
                    height = Math.max(
                            height, 2L * Bytes.littleU24(file, body + 3) + Bytes.littleU24(file, body + 9) + 1);
                }
                default -> {}
            }
            at = body + size + (size & 1);
        }
        return pixels ? new PictureHeader("image/webp", width, height, Math.max(1, moving)) : nothing();
    }
}
