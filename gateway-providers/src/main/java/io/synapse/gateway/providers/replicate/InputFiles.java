package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Multipart;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.Pictures;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pictures for models to start from: small ones are written into the input, others sent ahead. Safe for use by many threads. */
final class InputFiles {
    /** In characters: the 256 KB that Replicate wants an input to have at most. */
    private static final int LONGEST_INLINE = 256 * 1024;

    private final UpstreamRoute files;

    InputFiles(Endpoint endpoint) {
        this.files = endpoint.route("/files", "application/json");
    }

    /** What a model's input says for a picture. */
    String url(UpstreamCall call, Media picture) throws UpstreamException {
        // Base64 is longer than what it stands for.
        if (picture.bytes().length < LONGEST_INLINE) {
            String uri = Pictures.dataUri(picture);
            if (uri.length() <= LONGEST_INLINE) {
                return uri;
            }
        }
        Multipart form = new Multipart().file("content", Pictures.filename("image", picture.type()), picture);
        try (UpstreamResponse response = files.post(call, form)) {
            Map<String, @Nullable Object> urls =
                    Json.asObject(Predictions.object(response).get("urls"));
            if (urls == null || !(urls.get("get") instanceof String url)) {
                throw UpstreamErrors.malformed("took a file without saying where it is", null);
            }
            return url;
        }
    }
}
