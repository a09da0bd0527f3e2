package io.synapse.gateway.http;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.http.media.Pictures;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /videos/generations}: held until the film is ready. */
final class VideosHandler implements ApiEndpoint {
    static final int MOST_BYTES = 25 * 1024 * 1024;

    private final Gateway gateway;
    private final Pictures pictures;
    private final MediaAnswers media;

    VideosHandler(Gateway gateway, Pictures pictures, MediaAnswers media) {
        this.gateway = gateway;
        this.pictures = pictures;
        this.media = media;
    }

    @Override
    public void answer(ApiCall call) {
        Map<String, @Nullable Object> body = call.body().json();
        VideoRequest request = VideoRequest.of(body, firstFrame(body));
        Answered<Video> answered = gateway.generateVideo(call.admission(), request);
        Video video = answered.answer();
        Object seconds = Json.seconds(video.durationMillis());
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        media.put(entry, video.media(), !"b64_json".equals(body.get("response_format")), call.base());
        entry.put("mime_type", video.media().type());
        entry.put("seconds", seconds);
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        usage.put("output_seconds", seconds);
        Wire.credits(usage, answered.receipt());
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("id", Wire.id("vid_"));
        answer.put("object", "video");
        answer.put("created", Wire.now());
        answer.put("model", answered.receipt().model().id());
        answer.put("data", List.of(entry));
        answer.put("usage", usage);
        call.creditHeaders(answered.receipt());
        call.json(answer);
    }

    private @Nullable Media firstFrame(Map<String, @Nullable Object> body) {
        Object image = body.get("image");
        if (image == null) {
            return null;
        }
        if (image instanceof String text) {
            return pictures.read("image", text);
        }
        throw new InvalidRequestException("image", "'image' must be a string.");
    }
}
