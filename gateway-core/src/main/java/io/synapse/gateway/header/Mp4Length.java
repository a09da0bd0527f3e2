package io.synapse.gateway.header;

import java.util.function.Consumer;

/**
 * How long an MP4 lasts: the longest of what the film, its tracks and their tables of samples say, or the pieces that
 * a recorder which writes as it goes leaves behind.
 */
final class Mp4Length {
    private final byte[] file;
    private Length length = Length.UNTOLD;
    private boolean movie;
    private long soundTrack;
    private long timescale;
    private long usualDuration;
    private double pieces;

    private Mp4Length(byte[] file) {
        this.file = file;
    }

    /** Where the content of a part of the file is. */
    private record Box(long from, long to) {}

    static Length of(byte[] file) {
        Mp4Length reader = new Mp4Length(file);
        Box all = new Box(0, file.length);
        reader.each(all, "moov", reader::movie);
        if (!reader.movie) {
            // Pictures come in the same wrapping.
            return Length.NONE;
        }
        reader.each(all, "moof", reader::piece);
        return reader.length.or(Length.of(reader.pieces, (double) reader.timescale));
    }

    /**
     * Goes through the boxes of that name in a box; a size that cannot be ends it. Nothing is gathered: a file may hold
     * millions of them.
     */
    private void each(Box in, String name, Consumer<Box> reader) {
        long at = in.from();
        while (at + 8 <= in.to()) {
            long size = Bytes.u32(file, at);
            long head = 8;
            if (size == 1) {
                size = Bytes.i64(file, at + 8);
                head = 16;
            } else if (size == 0) {
                size = in.to() - at;
            }
            if (size < head) {
                return;
            }
            long end = size > in.to() - at ? in.to() : at + size;
            if (Bytes.are(file, at + 4, name) && at + head <= end) {
                reader.accept(new Box(at + head, end));
            }
            at = end;
        }
    }

    /** The first of that name; one behind the file's end, where all is zero, if there is none. */
    private Box first(Box in, String name) {
        Box[] found = {new Box(file.length, file.length)};
        each(in, name, box -> {
            if (found[0].from() == file.length) {
                found[0] = box;
            }
        });
        return found[0];
    }

    private void movie(Box film) {
        movie = true;
        each(film, "mvhd", this::header);
        each(film, "trak", this::track);
        each(
                film,
                "mvex",
                mvex -> each(mvex, "trex", trex -> {
                    if (soundTrack == 0 || Bytes.u32(file, trex.from() + 4) == soundTrack) {
                        usualDuration = Bytes.u32(file, trex.from() + 12);
                    }
                }));
    }

    /** The same layout for the film and for a track. */
    private void header(Box box) {
        boolean large = Bytes.u8(file, box.from()) == 1;
        timescale = Bytes.u32(file, box.from() + (large ? 20 : 12));
        long units = large ? Bytes.i64(file, box.from() + 24) : Bytes.u32(file, box.from() + 16);
        boolean told = units > 0 && units != 0xFFFF_FFFFL;
        length = length.or(told ? Length.of(units, timescale) : Length.UNTOLD);
    }

    private void track(Box track) {
        Box media = first(track, "mdia");
        if (!Bytes.are(file, first(media, "hdlr").from() + 8, "soun")) {
            return;
        }
        Box head = first(track, "tkhd");
        soundTrack = Bytes.u32(file, head.from() + (Bytes.u8(file, head.from()) == 1 ? 20 : 12));
        header(first(media, "mdhd"));
        Box samples = first(first(first(media, "minf"), "stbl"), "stts");
        length = length.or(Length.of(samples(samples), (double) timescale));
    }

    private double samples(Box stts) {
        double units = 0;
        long at = stts.from() + 8;
        for (long left = Bytes.u32(file, stts.from() + 4); left > 0 && at + 8 <= stts.to(); left--) {
            units += (double) Bytes.u32(file, at) * Bytes.u32(file, at + 4);
            at += 8;
        }
        return units;
    }

    private void piece(Box moof) {
        each(moof, "traf", traf -> {
            Box head = first(traf, "tfhd");
            if (Bytes.u32(file, head.from() + 4) == soundTrack) {
                long usual = usualOf(head);
                each(traf, "trun", trun -> pieces += run(trun, usual));
            }
        });
    }

    private long usualOf(Box tfhd) {
        int flags = Bytes.u24(file, tfhd.from() + 1);
        long at = tfhd.from() + 8 + ((flags & 1) != 0 ? 8 : 0) + ((flags & 2) != 0 ? 4 : 0);
        return (flags & 8) != 0 ? Bytes.u32(file, at) : usualDuration;
    }

    private double run(Box trun, long usual) {
        int flags = Bytes.u24(file, trun.from() + 1);
        long count = Bytes.u32(file, trun.from() + 4);
        if ((flags & 0x100) == 0) {
            return (double) count * usual;
        }
        int entry = 4 * Integer.bitCount(flags & 0xF00);
        long at = trun.from() + 8 + 4L * Integer.bitCount(flags & 5);
        double units = 0;
        for (long left = count; left > 0 && at + entry <= trun.to(); left--) {
            units += Bytes.u32(file, at);
            at += entry;
        }
        return units;
    }
}
