package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.media.Transcript.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads subtitles in WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format"), as far as Whisper writes it: times and words.
 * Hours may be missing, and minutes too, which the standard does not allow and Cloudflare does.
 */
final class WebVtt {
    private static final String TIME = "(?:(?:([0-9]{1,4}):)?([0-9]{1,2}):)?([0-9]{1,2})\\.([0-9]{3})";
    private static final Pattern TIMES = Pattern.compile(TIME + "\\s+-->\\s+" + TIME + "(?:\\s.*)?");

    private WebVtt() {}

    /** The parts of a recording, in their order; none if the text is no WebVTT. */
    static List<Part> parts(String subtitles) {
        List<Part> parts = new ArrayList<>();
        @Nullable Matcher times = null;
        StringBuilder words = new StringBuilder();
        for (String line : (Iterable<String>) subtitles.lines()::iterator) {
            Matcher begins = TIMES.matcher(line.strip());
            boolean cue = begins.matches();
            if (times != null && (cue || line.isBlank())) {
                parts.add(new Part(millis(times, 0), millis(times, 4), words.toString()));
                times = null;
            }
            if (cue) {
                times = begins;
                words.setLength(0);
            } else if (times != null) {
                words.append(words.isEmpty() ? "" : "\n").append(line.strip());
            }
        }
        if (times != null) {
            parts.add(new Part(millis(times, 0), millis(times, 4), words.toString()));
        }
        return parts;
    }

    private static long millis(Matcher times, int group) {
        long seconds = number(times.group(group + 1)) * 3_600
                + number(times.group(group + 2)) * 60
                + number(times.group(group + 3));
        return seconds * 1_000 + number(times.group(group + 4));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
