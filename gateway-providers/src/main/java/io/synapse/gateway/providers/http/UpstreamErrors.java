package io.synapse.gateway.providers.http;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a status and an error body become an {@link UpstreamException}. What the body says counts before
 * the status, because upstreams hide exhausted accounts, bad keys and vanished models behind statuses that mean something
 * else. Messages are cleaned of whatever could be a secret.
 */
public final class UpstreamErrors {
    private static final Set<String> NO_MONEY = Set.of(
            "insufficient_quota",
            "insufficient_balance",
            "insufficient_credits",
            "credit_balance_exhausted",
            "organization_spend_limit_exceeded",
            "project_spend_limit_exceeded",
            "billing_hard_limit_reached",
            "billing_not_active",
            "billing_error",
            "payment_required",
            "quota_exceeded",
            "enforced_spend_limit_reached",
            "not_enough_credits",
            "accountoverdueerror",
            "setlimitexceeded",
            // Cloudflare tells a day's free allocation by either number.
            "3036",
            "4006");
    private static final Set<String> NO_MODEL = Set.of(
            "model_not_found",
            "model_decommissioned",
            "model_deprecated",
            "model_not_available",
            "invalidendpoint.closedendpoint",
            // Cloudflare: unknown, twice, and deprecated …
            "5007",
            "3042",
            "5028",
            // … or another account's own, twice, and one whose terms this account has not agreed to.
            "5018",
            "3041",
            "5016");
    private static final Set<String> BAD_KEY = Set.of(
            "invalid_api_key",
            "incorrect_api_key",
            "authentication_error",
            "unauthenticated",
            "account_deactivated",
            // Google: the account's country or its billing, which no other request would change.
            "failed_precondition",
            "10000");
    private static final Set<String> TOO_LONG = Set.of("context_length_exceeded", "string_above_max_length", "5021");
    private static final Set<String> OUR_FAULT_NOT_THEIRS = Set.of("tool_use_failed", "json_validate_failed");
    /** Of a field, or of a value, that is good elsewhere. */
    private static final Set<String> NOT_HERE = Set.of("unsupported_parameter", "unsupported_value", "extra_forbidden");

    private static final Set<String> BUSY =
            Set.of("overloaded_error", "server_is_overloaded", "serveroverloaded", "system_busy", "3040");
    /** ElevenLabs hides it behind a status that would mean a missing model. */
    private static final String NO_VOICE = "voice_not_found";

    /** fal: its own time limits, behind a 504 that says nothing. */
    private static final Set<String> TOO_SLOW = Set.of("request_timeout", "startup_timeout", "generation_timeout");

    private UpstreamErrors() {}

    /** What an answer with a status other than 2xx means. Reads as much of its body as is needed; does not close it. */
    public static UpstreamException of(UpstreamResponse response) {
        return of(response.status(), RetryAfter.of(response), response.errorBody());
    }

    /**
     * What a status and a body mean.
     *
     * @param status the status
     * @param retryAfter what the headers ask to wait, or null
     * @param body the body; may be anything
     */
    public static UpstreamException of(int status, @Nullable Duration retryAfter, byte[] body) {
        return exception(status, retryAfter, ErrorWords.read(body));
    }

    /**
     * What an error within a successful answer or a stream means: by the code it holds itself.
     *
     * @param answer the object that holds the error, or the error itself
     */
    public static UpstreamException inside(@Nullable Object answer) {
        ErrorWords words = ErrorWords.read(answer);
        return exception(words.status() != 0 ? words.status() : statusOf(words), null, words);
    }

    /** The upstream answered something that is no answer. */
    public static UpstreamException malformed(String message, @Nullable Throwable cause) {
        return new UpstreamException(Kind.MALFORMED, message, cause);
    }

    /**
     * The caller's request is wrong, whoever is asked.
     *
     * @param param the field at fault, or null
     * @param message what is wrong with it and what to do, for the caller
     */
    public static UpstreamException rejected(@Nullable String param, String message) {
        return new UpstreamException(Kind.REJECTED, message, null, param, null);
    }

    /** This upstream cannot do what was asked, though another may; otherwise like {@link #rejected}. */
    public static UpstreamException unsupported(@Nullable String param, String message) {
        return new UpstreamException(Kind.UNSUPPORTED, message, null, param, null);
    }

    /**
     * The same failure, with the caller's name of the field at fault: upstreams call fields otherwise. Only a
     * {@linkplain Kind#REJECTED rejection} names one, and what is {@linkplain Kind#UNSUPPORTED not supported}.
     *
     * @param param the field, or null if there is none or it is not known
     */
    public static UpstreamException about(UpstreamException failure, @Nullable String param) {
        if (!isTheRequests(failure.kind())) {
            return failure;
        }
        return new UpstreamException(
                failure.kind(), failure.getMessage(), failure.retryAfter(), param, failure.getCause());
    }

    private static UpstreamException exception(int status, @Nullable Duration retryAfter, ErrorWords words) {
        Kind kind = kind(status, words);
        String param = isTheRequests(kind) ? param(words) : null;
        Duration wait = retryAfter == null ? words.retryAfter() : retryAfter;
        return new UpstreamException(kind, message(kind, status, words), wait, param, null);
    }

    /** Whether it is the request that is at fault, here or anywhere. */
    private static boolean isTheRequests(Kind kind) {
        return kind == Kind.REJECTED || kind == Kind.UNSUPPORTED;
    }

    private static Kind kind(int status, ErrorWords words) {
        if (anyOf(NO_MONEY, words) || status == 402 || saysNoMoney(words)) {
            return Kind.QUOTA_EXHAUSTED;
        }
        if (words.named(NO_VOICE)) {
            return Kind.REJECTED;
        }
        // Hugging Face: the model is there, and served by nobody whom our account may ask.
        boolean unserved = words.says("not supported by any provider") || words.says("not supported by provider");
        // Replicate: the version of the model.
        unserved |= words.says("invalid version or not permitted");
        if (anyOf(NO_MODEL, words) || unserved || status == 404 || status == 410) {
            return Kind.MODEL_GONE;
        }
        if (anyOf(TOO_LONG, words)) {
            return Kind.REJECTED;
        }
        if (anyOf(BAD_KEY, words)) {
            return Kind.UNAUTHORIZED;
        }
        if (anyOf(BUSY, words)) {
            return Kind.OVERLOADED;
        }
        if (anyOf(TOO_SLOW, words)) {
            return Kind.TIMED_OUT;
        }
        return switch (status) {
            case 400, 413, 414, 422, 431 -> badRequest(words);
            case 401 -> Kind.UNAUTHORIZED;
            case 403 -> forbidden(words);
            case 408, 504 -> Kind.TIMED_OUT;
            case 429 -> Kind.RATE_LIMITED;
            case 409, 425, 498, 499, 503, 529 -> Kind.OVERLOADED;
            default -> status >= 300 && status < 400 ? Kind.MALFORMED : Kind.FAILED;
        };
    }

    /** Anthropic reports a bad request, and only its words tell that the account is empty or has spent what it may. */
    private static boolean saysNoMoney(ErrorWords words) {
        return words.says("credit balance is too low")
                || words.says("api usage limits")
                || words.says("daily free allocation")
                || words.says("exhausted balance");
    }

    private static Kind badRequest(ErrorWords words) {
        if (words.named("rate_limit_exceeded")) {
            // Groq: 413 for a request that is larger than the tokens allowed in a minute.
            return Kind.RATE_LIMITED;
        }
        if (anyOf(OUR_FAULT_NOT_THEIRS, words)) {
            // Groq: the model itself wrote a bad tool call. Another try may do better.
            return Kind.FAILED;
        }
        boolean key =
                words.says("incorrect api key") || words.says("invalid api key") || words.says("api key not valid");
        if (key) {
            return Kind.UNAUTHORIZED;
        }
        return anyOf(NOT_HERE, words) || saysNotHere(words) ? Kind.UNSUPPORTED : Kind.REJECTED;
    }

    /** What this model has no word for another may do; only words tell with Anthropic, Groq and Mistral. */
    private static boolean saysNotHere(ErrorWords words) {
        return words.says("does not support")
                || words.says("deprecated for this model")
                || words.says("extra inputs are not permitted");
    }

    private static Kind forbidden(ErrorWords words) {
        // OpenRouter refuses content with it, and Together a prompt that is too long.
        boolean content = words.says("moderation") || words.says("flagged") || words.named("content_policy_violation");
        return content || saysTooLong(words) ? Kind.REJECTED : Kind.UNAUTHORIZED;
    }

    /** Together, Mistral, xAI, vLLM and llama.cpp have no code for it. */
    private static boolean saysTooLong(ErrorWords words) {
        return words.says("context length")
                || words.says("context size")
                || words.says("maximum prompt length")
                || words.says("tokens + max_tokens");
    }

    private static @Nullable String param(ErrorWords words) {
        if (words.param() != null) {
            return words.param();
        }
        return words.named(NO_VOICE) ? "voice" : anyOf(TOO_LONG, words) || saysTooLong(words) ? "messages" : null;
    }

    private static String message(Kind kind, int status, ErrorWords words) {
        String said = words.message();
        if (isTheRequests(kind)) {
            return said.isEmpty() ? "The upstream refused the request (" + status + ")." : said;
        }
        StringBuilder message = new StringBuilder("answered ").append(status);
        String name = words.code().isEmpty() ? words.type() : words.code();
        if (!name.isEmpty() && name.matches("[a-z0-9_.-]{1,60}")) {
            message.append(' ').append(name);
        }
        return said.isEmpty()
                ? message.toString()
                : message.append(": ").append(said).toString();
    }

    /** The status that an error without one would have had; the numbers are Cloudflare's. */
    private static int statusOf(ErrorWords words) {
        return switch (words.type().isEmpty() ? words.code() : words.type()) {
            case "invalid_request_error",
                    "invalid_argument",
                    "bad_request",
                    "failed_precondition",
                    "5004",
                    "3003",
                    "3039" -> 400;
            case "authentication_error", "unauthenticated" -> 401;
            case "permission_error", "permission_denied", "3023" -> 403;
            case "not_found_error", "not_found" -> 404;
            case "request_too_large", "3006" -> 413;
            case "rate_limit_error",
                    "rate_limit_exceeded",
                    "resource_exhausted",
                    "tokens",
                    "requests",
                    "too_many_requests" -> 429;
            case "overloaded_error", "service_unavailable_error", "unavailable" -> 503;
            case "timeout", "timeout_error", "request_timeout", "3007", "3008" -> 408;
            default ->
                switch (words.code()) {
                    case "rate_limit_exceeded" -> 429;
                    case "invalid_request_error" -> 400;
                    default -> 500;
                };
        };
    }

    private static boolean anyOf(Set<String> names, ErrorWords words) {
        return names.contains(words.type()) || names.contains(words.code());
    }
}
