package io.synapse.gateway.http;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A transcript with its times: SubRip, WebVTT, and OpenAI's {@code verbose_json}. */
final class Subtitles {
    private Subtitles() {}

    static String srt(Transcript transcript, long durationMillis) {
        StringBuilder text = new StringBuilder();
        int number = 1;
        for (Part part : parts(transcript, durationMillis)) {
            text.append(number++)
                    .append('\n')
                    .append(time(part.startMillis(), ','))
                    .append(" --> ")
                    .append(time(part.endMillis(), ','))
                    .append('\n')
                    .append(part.text().strip())
                    .append("\n\n");
        }
        return text.toString();
    }

    static String vtt(Transcript transcript, long durationMillis) {
        StringBuilder text = new StringBuilder("WEBVTT\n\n");
        for (Part part : parts(transcript, durationMillis)) {
            text.append(time(part.startMillis(), '.'))
                    .append(" --> ")
                    .append(time(part.endMillis(), '.'))
                    .append('\n')
                    .append(part.text().strip())
                    .append("\n\n");
        }
        return text.toString();
    }

    static void verbose(Map<String, @Nullable Object> body, Transcript transcript, TranscriptionRequest request) {
        body.put("task", "transcribe");
        body.put("language", transcript.language() == null ? "" : transcript.language());
        body.put("duration", Json.seconds(request.durationMillis()));
        body.put("text", transcript.text());
        if (request.granularities().contains("word")) {
            List<Map<String, @Nullable Object>> words = new ArrayList<>();
            for (Part word : transcript.words()) {
                Map<String, @Nullable Object> entry = new LinkedHashMap<>();
                entry.put("word", word.text());
                entry.put("start", Json.seconds(word.startMillis()));
                entry.put("end", Json.seconds(word.endMillis()));
                words.add(entry);
            }
            body.put("words", words);
        }
        if (request.granularities().isEmpty() || request.granularities().contains("segment")) {
            List<Map<String, @Nullable Object>> segments = new ArrayList<>();
            for (Part part : parts(transcript, request.durationMillis())) {
                segments.add(segment(segments.size(), part));
            }
            body.put("segments", segments);
        }
    }

    /** OpenAI's segment; what an upstream did not tell is at its neutral value, since SDKs require the fields. */
    private static Map<String, @Nullable Object> segment(int id, Part part) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("id", id);
        entry.put("seek", 0);
        entry.put("start", Json.seconds(part.startMillis()));
        entry.put("end", Json.seconds(part.endMillis()));
        entry.put("text", part.text());
        entry.put("tokens", List.of());
        entry.put("temperature", 0);
        entry.put("avg_logprob", 0);
        entry.put("compression_ratio", 1);
        entry.put("no_speech_prob", 0);
        return entry;
    }

    /** A transcript without times is one part that lasts as long as the recording. */
    private static List<Part> parts(Transcript transcript, long durationMillis) {
        return transcript.segments().isEmpty()
                ? List.of(new Part(0, durationMillis, transcript.text()))
                : transcript.segments();
    }

    private static String time(long millis, char mark) {
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%c%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                mark,
                millis % 1000);
    }
}
