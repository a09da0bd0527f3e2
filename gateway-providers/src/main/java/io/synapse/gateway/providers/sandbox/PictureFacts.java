package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.providers.sandbox.PictureFile.Pixels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is true of a picture without any model looking at it: its format, its size, and which colours it has most of. */
final class PictureFacts {
    /** Pictures beyond these are counted and not looked at: each can take a while to decode. */
    private static final int MOST_PICTURES = 8;
    /** Colours are counted on about the square of so many pixels. */
    private static final int LOOKS = 128;

    private static final int MOST_COLORS = 3;
    /** A main colour has at least a share of 1 in so many. */
    private static final int LEAST_SHARE = 8;

    private PictureFacts() {}

    private enum Tone {
        BLACK,
        WHITE,
        GREY,
        RED,
        ORANGE,
        YELLOW,
        GREEN,
        CYAN,
        BLUE,
        PURPLE,
        PINK,
        BROWN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Tells of each picture in a few words: "a PNG of 640x480 pixels, mainly blue and white". */
    static List<String> of(List<ContentPart.Image> pictures) {
        List<String> facts = new ArrayList<>(pictures.size());
        for (int i = 0; i < pictures.size(); i++) {
            facts.add(i < MOST_PICTURES ? of(pictures.get(i).url()) : "one more than the sandbox looks at");
        }
        return facts;
    }

    private static String of(String url) {
        if (!url.regionMatches(true, 0, "data:", 0, 5)) {
            return "one at an address, which the sandbox does not fetch";
        }
        try {
            return of(PictureFile.open(Base64.getMimeDecoder().decode(url.substring(url.indexOf(',') + 1))));
        } catch (IOException | IllegalArgumentException e) {
            return "one that the sandbox cannot read";
        }
    }

    private static String of(PictureFile file) {
        String facts = "a " + file.format().title() + " of " + file.width() + "x" + file.height() + " pixels";
        try {
            file.checkDecodable();
            int step = Math.max(1, (int) (Math.sqrt((double) file.width() * file.height()) / LOOKS));
            return facts + ", " + colors(file.decode(step));
        } catch (IOException e) {
            return facts + ", whose colours the sandbox cannot read";
        }
    }

    private static String colors(Pixels pixels) {
        Map<Tone, Integer> counts = new EnumMap<>(Tone.class);
        int seen = 0;
        for (int color : pixels.argb()) {
            if (color >>> 24 >= 0x80) {
                counts.merge(toneOf(color >> 16 & 0xff, color >> 8 & 0xff, color & 0xff), 1, Integer::sum);
                seen++;
            }
        }
        if (seen == 0) {
            return "fully transparent";
        }
        int least = seen / LEAST_SHARE;
        List<String> main = counts.entrySet().stream()
                .sorted(Collections.reverseOrder(Map.Entry.comparingByValue(Comparator.naturalOrder())))
                .limit(MOST_COLORS)
                .filter(entry -> entry.getValue() >= least)
                .map(entry -> entry.getKey().word())
                .toList();
        String last = main.getLast();
        return "mainly "
                + (main.size() == 1 ? last : String.join(", ", main.subList(0, main.size() - 1)) + " and " + last);
    }

    private static Tone toneOf(int red, int green, int blue) {
        int most = Math.max(red, Math.max(green, blue));
        int range = most - Math.min(red, Math.min(green, blue));
        if (most < 40) {
            return Tone.BLACK;
        }
        if (range * 6 < most) {
            return most > 215 ? Tone.WHITE : Tone.GREY;
        }
        int hue = hue(red, green, blue, most, range);
        if (hue < 15 || hue >= 345) {
            return most > 200 && range * 2 < most ? Tone.PINK : Tone.RED;
        }
        if (hue < 45) {
            return most < 150 ? Tone.BROWN : Tone.ORANGE;
        }
        if (hue < 70) {
            return Tone.YELLOW;
        }
        if (hue < 165) {
            return Tone.GREEN;
        }
        if (hue < 195) {
            return Tone.CYAN;
        }
        if (hue < 260) {
            return Tone.BLUE;
        }
        return hue < 305 ? Tone.PURPLE : Tone.PINK;
    }

    /** The place on the colour wheel, in degrees: 0 is red, 120 green, 240 blue. */
    private static int hue(int red, int green, int blue, int most, int range) {
        int degrees;
        if (most == red) {
            degrees = 60 * (green - blue) / range;
        } else if (most == green) {
            degrees = 120 + 60 * (blue - red) / range;
        } else {
            degrees = 240 + 60 * (red - green) / range;
        }
        return Math.floorMod(degrees, 360);
    }
}
