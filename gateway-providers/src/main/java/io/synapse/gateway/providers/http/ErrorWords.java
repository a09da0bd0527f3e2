package io.synapse.gateway.providers.http;

import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an error body says, whichever form it has: OpenAI's object, a list with one in it, a bare text, a flat object,
 * Cloudflare's list of errors, Anthropic's, Google's and ElevenLabs's objects, plain text, HTML, nothing.
 *
 * @param message the words, cleaned; may be empty
 * @param type the kind that the upstream names, in lower case; may be empty
 * @param code its code, in lower case; may be empty
 * @param status a status that stands in the body, or 0
 * @param param the field at fault, or null
 * @param retryAfter how long to wait, or null
 */
record ErrorWords(
        String message,
        String type,
        String code,
        int status,
        @Nullable String param,
        @Nullable Duration retryAfter) {
    /** Replicate: "Your rate limit resets in ~30s." */
    private static final Pattern RESET =
            Pattern.compile("rate limit resets in ~?([0-9]{1,6}(?:\\.[0-9]{1,6})?(?:ms|s|m|h))\\b");

    private static final ErrorWords NOTHING = new ErrorWords("", "", "", 0, null, null);

    /** Whether any of the names that an upstream gives its errors is this one. */
    boolean named(String name) {
        return type.equals(name) || code.equals(name);
    }

    /** Whether the message has these words in it. */
    boolean says(String words) {
        return message.toLowerCase(Locale.ROOT).contains(words);
    }

    static ErrorWords read(byte[] body) {
        try {
            return read(Json.read(body));
        } catch (MalformedJsonException e) {
            return plain(new String(body, StandardCharsets.UTF_8));
        }
    }

    static ErrorWords read(@Nullable Object json) {
        if (json instanceof String words) {
            return plain(words);
        }
        if (json instanceof List<?> list) {
            return list.isEmpty() ? NOTHING : read(list.getFirst());
        }
        Map<String, @Nullable Object> outer = Json.asObject(json);
        if (outer == null) {
            return NOTHING;
        }
        Object inner = outer.get("error");
        if (inner == null && outer.get("errors") instanceof List<?> several && !several.isEmpty()) {
            inner = several.getFirst();
        }
        if (inner == null && outer.get("detail") instanceof Map<?, ?> detail) {
            inner = detail;
        }
        if (inner instanceof List<?> several && !several.isEmpty()) {
            // Hugging Face: {"error": ["words"]}.
            inner = several.getFirst();
        }
        Map<String, @Nullable Object> error = Json.asObject(inner);
        if (error != null) {
            return object(error);
        }
        if (inner instanceof String words) {
            // {"error": "words"}, with a code beside it or not.
            return new ErrorWords(
                    Scrubber.clean(words),
                    name(outer.get("type") == null ? outer.get("error_type") : outer.get("type")),
                    name(outer.get("code")),
                    status(outer.get("code")),
                    text(outer.get("param")),
                    estimate(outer.get("estimated_time")));
        }
        return object(outer);
    }

    private static ErrorWords object(Map<String, @Nullable Object> error) {
        Object code = code(error);
        int status = status(code);
        if (status == 0) {
            status = status(error.get("raw_status_code"));
        }
        Map<String, @Nullable Object> metadata = Json.asObject(error.get("metadata"));
        String words = words(error);
        if (metadata != null && metadata.get("raw") instanceof String raw && !raw.isBlank()) {
            // OpenRouter's own message says only "Provider returned error".
            words = words + ": " + raw;
        }
        String param = text(error.get("param"));
        if (param == null) {
            param = pathOf(error.get("message"));
        }
        if (param == null) {
            param = pathOf(error);
        }
        // Google again: a quota of a day comes back tomorrow, unlike one of a minute, and only its name tells.
        String details = String.valueOf(error.get("details"));
        boolean usedUp = details.contains("PerDay");
        // And a bad key, which is a bad request there.
        boolean badKey = details.contains("API_KEY_INVALID");
        return new ErrorWords(
                Scrubber.clean(words),
                usedUp ? "insufficient_quota" : badKey ? "invalid_api_key" : name(typeOf(error)),
                name(code),
                status,
                param == null ? violated(error.get("details")) : param,
                retryDelay(error.get("details"), words));
    }

    private static @Nullable Object typeOf(Map<String, @Nullable Object> error) {
        Object type = error.get("type");
        if (type != null && !"error".equals(type)) {
            return type;
        }
        // Google names the kind in "status", where Replicate repeats the HTTP status.
        if (error.get("status") instanceof String status) {
            return status;
        }
        // fal: in "error_type" if its queue failed, in the first detail if the model did.
        Map<String, @Nullable Object> detail = first(error.get("detail"));
        return detail == null ? error.get("error_type") : detail.get("type");
    }

    private static @Nullable Map<String, @Nullable Object> first(@Nullable Object list) {
        return list instanceof List<?> details && !details.isEmpty() ? Json.asObject(details.getFirst()) : null;
    }

    /** Its own, Deepgram's, or the one that Anthropic puts into the details. */
    private static @Nullable Object code(Map<String, @Nullable Object> error) {
        Object code = error.get("code") == null ? error.get("err_code") : error.get("code");
        Map<String, @Nullable Object> details = Json.asObject(error.get("details"));
        return code == null && details != null ? details.get("error_code") : code;
    }

    /** A text, or the first text within: Mistral and FastAPI say {@code {"detail": [{"loc": […], "msg": "…"}]}}. */
    private static String words(Map<String, @Nullable Object> error) {
        for (String field : List.of("message", "detail", "msg", "err_msg", "error_description", "title")) {
            Object value = error.get(field);
            if (value instanceof String words && !words.isBlank()) {
                return words;
            }
            if (value instanceof List<?> list && !list.isEmpty()) {
                value = list.getFirst();
            }
            Map<String, @Nullable Object> deeper = Json.asObject(value);
            if (deeper != null) {
                return words(deeper);
            }
        }
        return "";
    }

    /**
     * The field at fault where it is told as a path: {@code {"detail": [{"loc": ["body", "temperature"]}]}}; Replicate:
     * {@code {"invalid_fields": [{"field": "input.seed"}]}}.
     */
    private static @Nullable String pathOf(@Nullable Object message) {
        Map<String, @Nullable Object> object = Json.asObject(message);
        if (object == null) {
            return null;
        }
        Map<String, @Nullable Object> invalid = first(object.get("invalid_fields"));
        if (invalid != null) {
            return text(invalid.get("field"));
        }
        Map<String, @Nullable Object> detail = first(object.get("detail"));
        if (detail == null || !(detail.get("loc") instanceof List<?> path)) {
            return null;
        }
        StringBuilder name = new StringBuilder();
        for (Object step : path) {
            if (step instanceof Number index) {
                name.append('[').append(index).append(']');
            } else if (!"body".equals(step)) {
                name.append(name.isEmpty() ? "" : ".").append(step);
            }
        }
        return text(name.toString());
    }

    /** The field at fault as Google tells it: {@code google.rpc.BadRequest} among the details. */
    private static @Nullable String violated(@Nullable Object details) {
        if (details instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> detail
                        && detail.get("fieldViolations") instanceof List<?> violations
                        && !violations.isEmpty()
                        && violations.getFirst() instanceof Map<?, ?> violation) {
                    return text(violation.get("field"));
                }
            }
        }
        return null;
    }

    /** Hugging Face: how many seconds a model needs to load. */
    private static @Nullable Duration estimate(@Nullable Object seconds) {
        return seconds instanceof Number ? RetryAfter.parse(seconds.toString(), Instant.EPOCH) : null;
    }

    private static @Nullable Duration retryDelay(@Nullable Object details, String words) {
        if (details instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> detail && detail.get("retryDelay") instanceof String delay) {
                    return RetryAfter.parse(delay, Instant.EPOCH);
                }
            }
        }
        Matcher reset = RESET.matcher(words);
        return reset.find() ? RetryAfter.parse(reset.group(1), Instant.EPOCH) : null;
    }

    private static ErrorWords plain(String words) {
        return new ErrorWords(Scrubber.clean(words), "", "", 0, null, null);
    }

    private static String name(@Nullable Object value) {
        return value instanceof String || value instanceof Integer
                ? value.toString().toLowerCase(Locale.ROOT)
                : "";
    }

    private static @Nullable String text(@Nullable Object value) {
        if (!(value instanceof String name) || name.isBlank()) {
            return null;
        }
        String clean = Scrubber.clean(name);
        return clean.isEmpty() || clean.length() > 200 ? null : clean;
    }

    private static int status(@Nullable Object code) {
        if (code instanceof Integer number) {
            return number >= 400 && number < 600 ? number : 0;
        }
        return code instanceof String digits && digits.matches("[45][0-9]{2}") ? Integer.parseInt(digits) : 0;
    }
}
