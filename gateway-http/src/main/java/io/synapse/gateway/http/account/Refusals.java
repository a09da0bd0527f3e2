package io.synapse.gateway.http.account;

import io.synapse.gateway.http.ApiError;
import io.synapse.gateway.http.ApiException;
import java.time.Duration;

/** How the account API says no. */
final class Refusals {
    private Refusals() {}

    static ApiException notSignedIn() {
        return refusal(
                401,
                "unauthorized",
                "Sign in first: POST /api/account/login. API keys are for /api/v1 and not for this.");
    }

    static ApiException wrongPassword() {
        return refusal(401, "unauthorized", "There is no account with this email address and password.");
    }

    static ApiException csrf(String why) {
        return refusal(403, "csrf", why);
    }

    static ApiException signupClosed() {
        return refusal(403, "signup_closed", "Strangers cannot sign up here. Ask the operator for an account.");
    }

    /** What is another's is as good as not there, so this is said of both. */
    static ApiException notFound(String what) {
        return refusal(404, "not_found", "You have no such " + what + ".");
    }

    static ApiException conflict(String type, String message) {
        return refusal(409, type, message);
    }

    static ApiException refusal(int status, String type, String message) {
        return new ApiException(ApiError.plain(status, type, message));
    }

    /** A refusal that is the fault of one field of the body. */
    static ApiException ofField(int status, String type, String message, String field) {
        return new ApiException(ApiError.ofField(status, type, message, field));
    }

    static ApiException tooManyAttempts(String what, Duration retryAfter) {
        long minutes = retryAfter.toMinutes() + 1;
        return new ApiException(new ApiError(
                429,
                "rate_limited",
                "RATE_LIMITED",
                "Too many attempts to " + what + ". Try again in " + minutes
                        + (minutes == 1 ? " minute." : " minutes."),
                null,
                true,
                retryAfter));
    }
}
