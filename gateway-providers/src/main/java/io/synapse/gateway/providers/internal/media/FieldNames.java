package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream calls the fields of a request, so that its objections can be told in the caller's words. Immutable.
 *
 * @param provider the name of the provider, as callers write it in {@code providerOptions}
 * @param ours the upstream's name of a field to the caller's: where the two differ, and where the field is no part of the body
 */
public record FieldNames(String provider, Map<String, String> ours) {
    /** Where files are is nobody's business; ours are at places that tell whom we ask. */
    private static final Pattern URL = Pattern.compile("https?://[^\\s\"'<>]{1,2000}");

    public FieldNames {
        ours = Map.copyOf(ours);
    }

    /**
     * The same failure with the caller's name of the field, or without one where the field is none of the caller's; and
     * without URLs.
     *
     * @param request the caller's body
     */
    public UpstreamException translated(UpstreamException failure, Map<String, @Nullable Object> request) {
        String theirs = failure.param();
        UpstreamException translated = new UpstreamException(
                failure.kind(),
                URL.matcher(failure.getMessage()).replaceAll("[a URL]"),
                failure.retryAfter(),
                theirs == null ? null : name(theirs, request),
                failure.getCause());
        translated.setStackTrace(failure.getStackTrace());
        return translated;
    }

    /** The name under which the caller sent a field that can be sent under several: {@code width} for {@code size}. */
    public static String sent(String field, Map<String, @Nullable Object> request) {
        String other = switch (field) {
            case "size" -> "width";
            case "image" -> "reference_image";
            default -> field;
        };
        return request.get(field) == null && request.get(other) != null ? other : field;
    }

    private @Nullable String name(String theirs, Map<String, @Nullable Object> request) {
        String field = theirs.startsWith("input.") ? theirs.substring("input.".length()) : theirs;
        int end = 0;
        while (end < field.length() && ".[".indexOf(field.charAt(end)) < 0) {
            end++;
        }
        String head = field.substring(0, end);
        Map<String, @Nullable Object> all = Json.asObject(request.get("providerOptions"));
        Map<String, @Nullable Object> own = all == null ? null : Json.asObject(all.get(provider));
        if (own != null && own.containsKey(head)) {
            return "providerOptions." + provider + "." + field;
        }
        String name = request.containsKey(head) ? head : sent(ours.getOrDefault(head, head), request);
        // A picture that came as a file, and what is always there, stand in no body.
        return name.equals("prompt") || ours.containsKey(head) || request.containsKey(name) ? name : null;
    }
}
