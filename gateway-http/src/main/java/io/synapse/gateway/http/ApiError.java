package io.synapse.gateway.http;

import io.synapse.gateway.GatewayError;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as it stands on the wire.
 *
 * @param status the HTTP status
 * @param type the word for programs; its capitals are the {@code code}, but for the two that OpenAI names otherwise
 * @param code the word in capitals
 * @param message for people
 * @param param the field at fault, or null
 * @param retry whether trying the same again can help
 * @param retryAfter how long to wait, or null if that is not known
 */
public record ApiError(
        int status,
        String type,
        String code,
        String message,
        @Nullable String param,
        boolean retry,
        @Nullable Duration retryAfter) {
    private static final long LONGEST_WAIT_SECONDS = 60;

    static ApiError notFound(String path) {
        return plain(404, "not_found", "There is nothing at " + path + ". The API's routes are under /api/v1.");
    }

    static ApiError noCharge(String requestId) {
        return plain(
                404,
                "not_found",
                "There is no charge of the request '" + requestId
                        + "'. Receipts are told to keys of the project that made the request.");
    }

    /** So many keys that do not exist came from one address that no more of them are looked at. */
    static ApiError tooManyFailures(Duration retryAfter) {
        return new ApiError(
                429,
                "rate_limited",
                "RATE_LIMITED",
                "Too many requests with invalid keys came from this address. Check the key, and wait.",
                null,
                true,
                retryAfter);
    }

    static ApiError methodNotAllowed(String method, String allowed) {
        return plain(405, "method_not_allowed", method + " is not possible here; use " + allowed + ".");
    }

    static ApiError payloadTooLarge(long most) {
        return plain(413, "payload_too_large", "The body is larger than this endpoint's limit of " + most + " bytes.");
    }

    static ApiError tooSlow(long leastBytesASecond) {
        return new ApiError(
                408,
                "invalid_request",
                "BAD_REQUEST",
                "The body came too slowly. Send at least " + leastBytesASecond + " bytes a second.",
                null,
                true,
                null);
    }

    static ApiError unsupportedMediaType(String wanted) {
        return plain(415, "unsupported_media_type", "Send the body as " + wanted + ", without a Content-Encoding.");
    }

    static ApiError idempotencyMismatch() {
        return plain(
                422,
                "idempotency_mismatch",
                "This idempotency key was used for another request. Use a new key for a new request.");
    }

    static ApiError idempotencyInProgress(Duration retryAfter) {
        return new ApiError(
                409,
                "idempotency_in_progress",
                "IDEMPOTENCY_IN_PROGRESS",
                "The first call with this idempotency key still runs. Ask again with the same key to collect its"
                        + " answer.",
                null,
                true,
                retryAfter);
    }

    /** The caller has waited as long as any may; his call has a name, so that he can come back for its answer. */
    static ApiError goesOn(Duration retryAfter) {
        return new ApiError(
                504,
                "upstream_timeout",
                "UPSTREAM_TIMEOUT",
                "The upstream has not answered yet. The call goes on: ask again with the same idempotency key to"
                        + " collect its answer.",
                null,
                true,
                retryAfter);
    }

    /** Running the call again would charge it again, which whoever gave it a name did not want. */
    static ApiError answerLost(String charge) {
        return plain(
                409,
                "idempotency_answer_lost",
                "The call with this idempotency key was made and charged (charge " + charge
                        + "), but its answer was lost when a server failed. Use a new key to make it again.");
    }

    /** A fault of the HTTP message itself, found before any route was. */
    static ApiError malformed(int status, String message) {
        return new ApiError(status, "invalid_request", "BAD_REQUEST", message, null, false, null);
    }

    /** A refusal that is no single field's fault, and that trying again does not help. */
    public static ApiError plain(int status, String type, String message) {
        return new ApiError(status, type, type.toUpperCase(Locale.ROOT), message, null, false, null);
    }

    /** A refusal that is one field's fault, and that trying again does not help. */
    public static ApiError ofField(int status, String type, String message, String param) {
        return new ApiError(status, type, type.toUpperCase(Locale.ROOT), message, param, false, null);
    }

    static ApiError of(GatewayError error) {
        return switch (error) {
            case GatewayError.InvalidRequest e ->
                new ApiError(400, e.type(), "BAD_REQUEST", e.message(), e.param(), false, null);
            case GatewayError.ModalityMismatch e -> of(400, e, "model", false, null);
            case GatewayError.Unauthorized e -> of(401, e, null, false, null);
            case GatewayError.InsufficientCredits e -> of(402, e, null, false, null);
            case GatewayError.BudgetExceeded e -> of(402, e, null, false, null);
            case GatewayError.ModelNotAllowed e -> of(403, e, "model", false, null);
            case GatewayError.ModelNotFound e -> of(404, e, "model", false, null);
            case GatewayError.RateLimited e -> of(429, e, null, true, e.rate().retryAfter());
            case GatewayError.TooManyAtOnce e -> of(429, e, null, true, Duration.ofSeconds(1));
            case GatewayError.CallerGone e -> of(499, e, null, false, null);
            case GatewayError.Internal e -> of(500, e, null, true, null);
            case GatewayError.UpstreamFailed e -> of(502, e, null, e.mayPass(), e.retryAfter());
            case GatewayError.ProviderNotConfigured e -> of(503, e, "model", false, null);
            case GatewayError.Overloaded e -> of(503, e, null, true, e.retryAfter());
            case GatewayError.Closed e -> of(503, e, null, true, null);
            case GatewayError.UpstreamTimeout e -> of(504, e, null, true, null);
        };
    }

    private static ApiError of(
            int status, GatewayError error, @Nullable String param, boolean retry, @Nullable Duration retryAfter) {
        String code = error.type().toUpperCase(Locale.ROOT);
        return new ApiError(status, error.type(), code, error.message(), param, retry, retryAfter);
    }

    /** The value of {@code Retry-After}: whole seconds, rounded up, 1 to 60; null if no wait is known. */
    @Nullable
    Long retryAfterSeconds() {
        return retryAfter == null ? null : Math.clamp((retryAfter.toMillis() + 999) / 1000, 1, LONGEST_WAIT_SECONDS);
    }

    /** The envelope: one object, {@code error}. */
    Map<String, Object> envelope(String requestId) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("type", type);
        error.put("code", code);
        error.put("message", message);
        error.put("param", param);
        error.put("request_id", requestId);
        return Map.of("error", error);
    }
}
