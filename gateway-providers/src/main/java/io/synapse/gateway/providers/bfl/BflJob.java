package io.synapse.gateway.providers.bfl;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.JsonAnswer;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.Polling.JobFailedException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A picture being drawn; what comes of it is the URL of the picture. There is nothing to abandon it by.
 *
 * @param call on whose behalf to ask
 * @param place where to ask
 * @param request what is being drawn
 */
record BflJob(UpstreamCall call, UpstreamRoute place, ImageRequest request) implements Polling.Job<String> {
    @Override
    public @Nullable String poll() throws UpstreamException, JobFailedException {
        Map<String, @Nullable Object> answer = ask();
        if (!(answer.get("status") instanceof String status)) {
            throw UpstreamErrors.malformed("answered with a job that has no status", null);
        }
        return switch (status) {
            case "Pending" -> null;
            case "Ready" -> sample(answer);
            case "Request Moderated", "Content Moderated" -> throw new JobFailedException(moderated(status));
            case "Task not found" -> throw new JobFailedException(lost());
            // Whatever it is, it is not being drawn: the states of a job that goes on are known.
            default -> throw new JobFailedException(new UpstreamException(Kind.FAILED, "failed to draw", null));
        };
    }

    private Map<String, @Nullable Object> ask() throws UpstreamException, JobFailedException {
        try (UpstreamResponse response = place.get(call)) {
            return JsonAnswer.of(response);
        } catch (UpstreamException e) {
            if (e.kind() == Kind.MODEL_GONE) {
                // It is the job that is not there; the model took it on.
                throw new JobFailedException(lost());
            }
            throw e;
        }
    }

    private static String sample(Map<String, @Nullable Object> answer) throws UpstreamException {
        Map<String, @Nullable Object> result = Json.asObject(answer.get("result"));
        if (result != null && result.get("sample") instanceof String url) {
            return url;
        }
        throw UpstreamErrors.malformed("answered with no picture", null);
    }

    private UpstreamException moderated(String status) {
        if (status.startsWith("Content")) {
            return UpstreamErrors.rejected(null, "The provider's content filter refused the picture that was drawn.");
        }
        // With a picture to start from it can be either of the two, and is not told.
        return UpstreamErrors.rejected(
                request.source() == null ? "prompt" : null, "The provider's content filter refused the request.");
    }

    private static UpstreamException lost() {
        return new UpstreamException(Kind.FAILED, "lost a job that it had taken on", null);
    }
}
