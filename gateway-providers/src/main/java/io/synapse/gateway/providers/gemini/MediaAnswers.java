package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads candidates that hold a picture or speech, and tells what it means where they hold none. */
final class MediaAnswers {
    private static final Set<String> REFUSALS = Set.of(
            "SAFETY",
            "RECITATION",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION",
            "NO_IMAGE");

    private MediaAnswers() {}

    /** The one candidate of an answer; a prompt that was blocked has none, and is a refusal. */
    static Map<String, @Nullable Object> candidate(Map<String, @Nullable Object> answer, String param)
            throws UpstreamException {
        List<@Nullable Object> candidates = Json.asList(answer.get("candidates"));
        Map<String, @Nullable Object> first =
                candidates == null || candidates.isEmpty() ? null : Json.asObject(candidates.getFirst());
        if (first != null) {
            return first;
        }
        if (answer.get("promptFeedback") instanceof Map<?, ?> feedback && feedback.get("blockReason") != null) {
            throw refused(param);
        }
        throw UpstreamErrors.malformed("answered with no candidate", null);
    }

    /** The parts of a candidate; none is an empty list. */
    static List<@Nullable Object> parts(Map<String, @Nullable Object> candidate) {
        Map<String, @Nullable Object> content = Json.asObject(candidate.get("content"));
        List<@Nullable Object> parts = content == null ? null : Json.asList(content.get("parts"));
        return parts == null ? List.of() : parts;
    }

    /** What a part holds itself, as its base64 and its type; or null. */
    static @Nullable Map<String, @Nullable Object> inline(@Nullable Object part) {
        Map<String, @Nullable Object> object = Json.asObject(part);
        // Sketches are made while thinking.
        return object == null || Boolean.TRUE.equals(object.get("thought"))
                ? null
                : Json.asObject(object.get("inlineData"));
    }

    /** What it means that a candidate ended as it did without what was asked for. */
    static UpstreamException empty(Map<String, @Nullable Object> candidate, String param, String what) {
        Object reason = candidate.get("finishReason");
        if (reason instanceof String word && REFUSALS.contains(word)) {
            return refused(param);
        }
        if (reason == null || "STOP".equals(reason)) {
            return UpstreamErrors.malformed("answered with no " + what, null);
        }
        return new UpstreamException(Kind.FAILED, "ended without a whole " + what, null);
    }

    private static UpstreamException refused(String param) {
        return UpstreamErrors.rejected(
                param, "The upstream's content rules refuse this '" + param + "'. Put it in other words.");
    }
}
