package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words from sound: the text that the sandbox's own speech carries; of any other sound, how long it lasts. */
final class SandboxEars {
    /** A sentence with its full stop, or what stands without one. The stop within a number ends nothing. */
    private static final Pattern SENTENCE =
            Pattern.compile(".*?(?:[.!?]++[\"'”’»)\\]]*+(?=\\s|$)\\s*+|[。！？]++[」』”]*+\\s*+|$)", Pattern.DOTALL);

    private static final Pattern WORD = Pattern.compile("\\S+\\s*");
    private static final String USUAL_LANGUAGE = "en";

    private SandboxEars() {}

    static Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        Faults.beginWhole(call);
        String carried = CarriedText.in(request.audio().bytes());
        String text = carried == null ? description(request.durationMillis()) : carried.strip();
        String language = request.language();
        return new Transcript(
                text,
                language == null ? USUAL_LANGUAGE : language,
                parts(SENTENCE, text, request.durationMillis()),
                parts(WORD, text, request.durationMillis()),
                null);
    }

    private static String description(long millis) {
        return String.format(
                Locale.ROOT,
                "This is the Synapse sandbox, and no model was asked. The recording lasts %d.%03d seconds.",
                millis / 1000,
                millis % 1000);
    }

    /** Cuts a text into parts, and the time into shares as long as theirs of the text. */
    private static List<Transcript.Part> parts(Pattern pattern, String text, long durationMillis) {
        List<Transcript.Part> parts = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String part = matcher.group().strip();
            if (!part.isEmpty()) {
                long start = durationMillis * matcher.start() / text.length();
                long end = durationMillis * matcher.end() / text.length();
                parts.add(new Transcript.Part(start, end, part));
            }
        }
        return parts;
    }
}
