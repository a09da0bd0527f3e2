package io.synapse.gateway.http;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.header.Recordings;
import io.synapse.gateway.http.media.MultipartForm;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /audio/transcriptions}. */
final class TranscriptionsHandler implements ApiEndpoint {
    /** Above the largest recording, so that one that is too large is told by its field's name. */
    static final int MOST_BYTES = 32 * 1024 * 1024;

    private static final List<String> TEXTS =
            List.of("model", "language", "prompt", "temperature", "response_format", "user");

    private final Gateway gateway;

    TranscriptionsHandler(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void answer(ApiCall call) {
        TranscriptionRequest request = request(call.body().form());
        Answered<Transcript> answered = gateway.transcribe(call.admission(), request);
        call.creditHeaders(answered.receipt());
        String format = String.valueOf(request.form().getOrDefault("response_format", "json"));
        Transcript transcript = answered.answer();
        switch (format) {
            case "text" -> text(call, "text/plain", transcript.text() + "\n");
            case "srt" -> text(call, "application/x-subrip", Subtitles.srt(transcript, request.durationMillis()));
            case "vtt" -> text(call, "text/vtt", Subtitles.vtt(transcript, request.durationMillis()));
            default -> {
                Map<String, @Nullable Object> body = new LinkedHashMap<>();
                if (format.equals("verbose_json")) {
                    Subtitles.verbose(body, transcript, request);
                } else {
                    body.put("text", transcript.text());
                }
                Map<String, @Nullable Object> usage = new LinkedHashMap<>();
                usage.put("type", "duration");
                usage.put("seconds", Json.seconds(request.durationMillis()));
                Wire.credits(usage, answered.receipt());
                body.put("usage", usage);
                call.json(body);
            }
        }
    }

    private static void text(ApiCall call, String type, String text) {
        call.whole(type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private TranscriptionRequest request(MultipartForm form) {
        Map<String, @Nullable Object> texts = new LinkedHashMap<>();
        for (String name : TEXTS) {
            String value = form.text(name);
            if (value != null) {
                texts.put(name, value);
            }
        }
        if (texts.get("model") == null) {
            throw new InvalidRequestException("model", "'model' is required.");
        }
        List<MultipartForm.File> files = form.files("file");
        if (files.size() != 1) {
            throw new InvalidRequestException("file", "'file' is required: one recording.");
        }
        MultipartForm.File file = files.getFirst();
        Recordings.Recording recording = Recordings.read("file", file.bytes(), file.filename());
        return TranscriptionRequest.of(
                texts,
                form.texts("timestamp_granularities[]"),
                recording.media(),
                recording.filename(),
                recording.durationMillis());
    }
}
