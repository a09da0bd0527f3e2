package io.synapse.gateway.providers.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes MP4 files with one film of H.264 in them: what a player must know first, then the frames. */
final class Mp4 {
    private static final int[] UPRIGHT = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

    private Mp4() {}

    /**
     * Wraps frames up.
     *
     * @param frameMillis how long each frame is shown
     * @param frames each as one unit of H.264, the first of them a key frame
     */
    static byte[] write(int width, int height, int frameMillis, byte[] sequence, byte[] picture, List<byte[]> frames) {
        int duration = frameMillis * frames.size();
        Box sizes = Box.full("stsz").u32(0).u32(frames.size());
        int total = 8;
        for (byte[] frame : frames) {
            sizes.u32(4 + frame.length);
            total += 4 + frame.length;
        }
        List<Box> tables = List.of(
                Box.full("stsd").u32(1).add(entry(width, height, sequence, picture)),
                Box.full("stts").u32(1).u32(frames.size()).u32(frameMillis),
                Box.full("stss").u32(1).u32(1),
                Box.full("stsc").u32(1).u32(1).u32(frames.size()).u32(1),
                sizes);
        Box type = new Box("ftyp").text("isom").u32(0x200).text("isomiso2avc1mp41");
        // The offset of the frames depends on the length of what comes before, and that not on the offset.
        int offset = type.size() + movie(width, height, duration, tables, 0).size() + 8;
        Box movie = movie(width, height, duration, tables, offset);
        ByteArrayOutputStream file = new ByteArrayOutputStream(offset + total);
        file.writeBytes(type.bytes());
        file.writeBytes(movie.bytes());
        file.writeBytes(ByteBuffer.allocate(8)
                .putInt(total)
                .put(CarriedText.ascii("mdat"))
                .array());
        for (byte[] frame : frames) {
            file.writeBytes(ByteBuffer.allocate(4).putInt(frame.length).array());
            file.writeBytes(frame);
        }
        return file.toByteArray();
    }

    /**
     * What a player must know. Times are in milliseconds.
     *
     * @param tables where which frame is, but for the offset of the first
     */
    private static Box movie(int width, int height, int duration, List<Box> tables, int offset) {
        Box table = new Box("stbl");
        tables.forEach(table::add);
        table.add(Box.full("stco").u32(1).u32(offset));
        Box header = Box.full("mvhd").u32(0).u32(0).u32(1000).u32(duration);
        header.u32(0x10000).u16(0x100).zeros(10).u32s(UPRIGHT).zeros(24).u32(2);
        Box trackHeader = new Box("tkhd").u32(3).u32(0).u32(0).u32(1).u32(0).u32(duration);
        trackHeader.zeros(16).u32s(UPRIGHT).u32(width << 16).u32(height << 16);
        Box reference = Box.full("dref").u32(1).add(new Box("url ").u32(1));
        Box information = new Box("minf")
                .add(new Box("vmhd").u32(1).zeros(8))
                .add(new Box("dinf").add(reference))
                .add(table);
        Box media = new Box("mdia")
                .add(Box.full("mdhd")
                        .u32(0)
                        .u32(0)
                        .u32(1000)
                        .u32(duration)
                        .u16(0x55c4)
                        .u16(0)) // language: und
                .add(Box.full("hdlr")
                        .u32(0)
                        .text("vide")
                        .zeros(12)
                        .text("Synapse sandbox")
                        .zeros(1))
                .add(information);
        return new Box("moov").add(header).add(new Box("trak").add(trackHeader).add(media));
    }

    private static Box entry(int width, int height, byte[] sequence, byte[] picture) {
        Box configuration =
                new Box("avcC").u8(1).u8(Avc.BASELINE).u8(Avc.CONSTRAINTS).u8(Avc.LEVEL);
        configuration.u8(0xff).u8(0xe1).u16(sequence.length).raw(sequence); // lengths of 4 bytes, one set
        configuration.u8(1).u16(picture.length).raw(picture);
        Box entry = new Box("avc1").zeros(6).u16(1).zeros(16).u16(width).u16(height);
        entry.u32(0x480000).u32(0x480000).u32(0).u16(1).zeros(32).u16(24).u16(0xffff); // 72 dpi, 24 bits
        return entry.add(configuration);
    }
}
