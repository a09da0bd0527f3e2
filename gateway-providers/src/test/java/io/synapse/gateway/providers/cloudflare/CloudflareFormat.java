package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.ChatFormat;
import io.synapse.gateway.testkit.fake.ChatUpstream.Tokens;
import io.synapse.gateway.testkit.fake.OpenAiFormat;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Workers AI on its route in OpenAI's format: the answers are OpenAI's, the errors Cloudflare's own. */
final class CloudflareFormat implements ChatFormat {
    private final OpenAiFormat answers = new OpenAiFormat();

    @Override
    public Answer says(Request request, @Nullable Tokens usage, List<String> pieces) {
        return answers.says(request, usage, pieces);
    }

    @Override
    public Answer saysSeveral(Request request, Tokens usage, List<String> choices) {
        return answers.saysSeveral(request, usage, choices);
    }

    @Override
    public Answer callsTool(Request request, String name, List<String> argumentPieces) {
        return answers.callsTool(request, name, argumentPieces);
    }

    @Override
    public Answer fails(Request request, Kind kind, @Nullable Duration retryAfter, @Nullable String param) {
        Map<String, String> headers =
                retryAfter == null ? Map.of() : Map.of("Retry-After", String.valueOf(retryAfter.toSeconds()));
        return switch (kind) {
            case RATE_LIMITED -> Answer.json(429, headers, CloudflareWire.error(10013, "Slow down."));
            case OVERLOADED -> Answer.json(429, headers, CloudflareWire.error(3040, "No room."));
            case UNAUTHORIZED -> Answer.json(401, headers, CloudflareWire.error(10000, "Authentication error"));
            case QUOTA_EXHAUSTED -> Answer.json(429, headers, CloudflareWire.error(3036, "No neurons."));
            case MODEL_GONE -> Answer.json(400, headers, CloudflareWire.error(5007, "No such model"));
            case REJECTED, UNSUPPORTED -> Answer.json(400, headers, CloudflareWire.error(5004, "Bad input"));
            case TIMED_OUT -> Answer.json(408, headers, CloudflareWire.error(3007, "Too slow."));
            case FAILED -> Answer.json(500, headers, CloudflareWire.error(3043, "Broke."));
            case MALFORMED -> nonsense(request);
            case UNREACHABLE -> Answer.hangUp();
        };
    }

    @Override
    public Answer begins(Request request, List<String> pieces) {
        return answers.begins(request, pieces);
    }

    @Override
    public Answer failsWithin(Request request) {
        return exchange -> {
            if (OpenAiFormat.streams(request)) {
                exchange.body("data: " + CloudflareWire.error(3043, "Broke midway.") + "\n\n");
            } else {
                exchange.close();
            }
        };
    }

    @Override
    public Answer nonsense(Request request) {
        return answers.nonsense(request);
    }

    @Override
    public OptionalLong bound(Request request) {
        return answers.bound(request);
    }
}
