package io.synapse.gateway.http;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.http.media.Pictures;
import io.synapse.gateway.media.CaptionRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /images/captions}. */
final class CaptionsHandler implements ApiEndpoint {
    static final int MOST_BYTES = 25 * 1024 * 1024;

    private final Gateway gateway;
    private final Pictures pictures;

    CaptionsHandler(Gateway gateway, Pictures pictures) {
        this.gateway = gateway;
        this.pictures = pictures;
    }

    @Override
    public void answer(ApiCall call) {
        Map<String, @Nullable Object> body = call.body().json();
        if (!(body.get("image") instanceof String image)) {
            throw new InvalidRequestException(
                    "image", "'image' is required: an https URL, or a data:image/…;base64,… URI.");
        }
        CaptionRequest request = CaptionRequest.of(body, pictures.read("image", image));
        Answered<ChatAnswer> answered = gateway.caption(call.admission(), request);
        call.creditHeaders(answered.receipt());
        call.json(answer(answered));
    }

    private static Map<String, @Nullable Object> answer(Answered<ChatAnswer> answered) {
        ChatUsage reported = answered.answer().usage();
        ChatUsage told = reported == null ? ChatUsage.of(answered.receipt().usage()) : reported;
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        for (String count : List.of("prompt_tokens", "completion_tokens", "total_tokens")) {
            usage.put(count, told.wire().get(count));
        }
        Wire.credits(usage, answered.receipt());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", Wire.id("cap_"));
        body.put("object", "image.caption");
        body.put("created", Wire.now());
        body.put("model", answered.receipt().model().id());
        body.put("caption", answered.answer().text());
        body.put("usage", usage);
        return body;
    }
}
