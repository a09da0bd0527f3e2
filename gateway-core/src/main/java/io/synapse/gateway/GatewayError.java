package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.provider.UpstreamException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why the gateway said no: a closed set of values, each with all that an answer needs. Every {@code switch} over it is
 * exhaustive.
 */
public sealed interface GatewayError {
    /** The stable word for programs: {@code insufficient_credits}. */
    String type();

    /** What was wrong and what to do, for people. Holds no secret of anybody's. */
    String message();

    /**
     * The request breaks its own rules, or the upstream says it does.
     *
     * @param param the path of the field at fault, or null
     * @param message what is wrong with it
     */
    record InvalidRequest(@Nullable String param, String message) implements GatewayError {
        @Override
        public String type() {
            return "invalid_request";
        }
    }

    /**
     * The model exists but does something else.
     *
     * @param model its public id
     * @param does what it does
     * @param asked what was asked of it
     */
    record ModalityMismatch(String model, Modality does, Modality asked) implements GatewayError {
        @Override
        public String type() {
            return "modality_mismatch";
        }

        @Override
        public String message() {
            return "The model '" + model + "' is for " + does.wireName() + ", not for " + asked.wireName()
                    + ". Choose one from GET /models?modality=" + asked.wireName() + ".";
        }
    }

    /** No key, or one that is malformed, unknown, expired or revoked; which of these is not told. */
    record Unauthorized() implements GatewayError {
        @Override
        public String type() {
            return "unauthorized";
        }

        @Override
        public String message() {
            return "A valid API key is needed: send it as 'Authorization: Bearer <key>'. "
                    + "A key that was lost or revoked cannot be restored; create a new one.";
        }
    }

    /**
     * The wallet cannot pay for the request.
     *
     * @param required the least that it needs
     * @param available what the wallet has
     */
    record InsufficientCredits(Credits required, Credits available) implements GatewayError {
        @Override
        public String type() {
            return "insufficient_credits";
        }

        @Override
        public String message() {
            return "Not enough credits: this request needs at least " + required + " and " + available
                    + " are available. Top up, or ask for less.";
        }
    }

    /**
     * The project's spend cap leaves no room for the request.
     *
     * @param left what the cap still allows
     */
    record BudgetExceeded(Credits left) implements GatewayError {
        @Override
        public String type() {
            return "budget_exceeded";
        }

        @Override
        public String message() {
            return "The project's spend cap leaves " + left
                    + " credits, less than this request needs. Raise the cap, or wait for its next period.";
        }
    }

    /**
     * The project's key may not use the model for this.
     *
     * @param model its public id
     */
    record ModelNotAllowed(String model) implements GatewayError {
        @Override
        public String type() {
            return "model_not_allowed";
        }

        @Override
        public String message() {
            return "This project's keys may not use the model '" + model
                    + "' on this endpoint. GET /models lists what they may use.";
        }
    }

    /**
     * There is no such model.
     *
     * @param model the name that was asked for
     */
    record ModelNotFound(String model) implements GatewayError {
        @Override
        public String type() {
            return "model_not_found";
        }

        @Override
        public String message() {
            return "There is no model '" + model + "'. GET /models lists those there are.";
        }
    }

    /**
     * The key has used up its requests per minute.
     *
     * @param rate where the limit stands
     */
    record RateLimited(RateDecision rate) implements GatewayError {
        @Override
        public String type() {
            return "rate_limited";
        }

        @Override
        public String message() {
            return "This key may make " + rate.limit() + " requests in any 60 seconds and has made them. Wait "
                    + Math.max(1, (rate.retryAfter().toMillis() + 999) / 1000) + " s.";
        }
    }

    /**
     * The key has as many calls running as it may have.
     *
     * @param most how many that are
     */
    record TooManyAtOnce(int most) implements GatewayError {
        @Override
        public String type() {
            return "rate_limited";
        }

        @Override
        public String message() {
            return "This key may have " + most + " requests running at once, and has. Wait until one of them ends.";
        }
    }

    /**
     * The upstream failed, or answered nonsense.
     *
     * @param provider which
     * @param kind how
     * @param retryAfter how long it asks to wait, or null if that is not known
     */
    record UpstreamFailed(
            String provider,
            UpstreamException.Kind kind,
            @Nullable Duration retryAfter) implements GatewayError {
        @Override
        public String type() {
            return "provider_error";
        }

        @Override
        public String message() {
            return "The provider '" + provider + "' failed ("
                    + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + (mayPass()
                            ? "). Retry with exponential backoff."
                            : "). Ask the operator of the gateway to mend it.");
        }

        /** Whether trying again can help: what an operator has to mend first does not pass by itself. */
        public boolean mayPass() {
            return switch (kind) {
                case RATE_LIMITED, OVERLOADED, UNREACHABLE, TIMED_OUT, FAILED, MALFORMED -> true;
                case UNAUTHORIZED, QUOTA_EXHAUSTED, MODEL_GONE, REJECTED, UNSUPPORTED -> false;
            };
        }
    }

    /**
     * No provider that serves the model has credentials on this deployment.
     *
     * @param model its public id
     * @param provider the provider of its first route
     */
    record ProviderNotConfigured(String model, String provider) implements GatewayError {
        @Override
        public String type() {
            return "provider_not_configured";
        }

        @Override
        public String message() {
            return "The model '" + model + "' is served by '" + provider
                    + "', which has no credentials on this deployment. Choose another model, or ask the operator.";
        }
    }

    /**
     * The gateway cannot take the request now: it stops, sheds load, or cannot reach its ledger.
     *
     * @param retryAfter how long to wait
     */
    record Overloaded(Duration retryAfter) implements GatewayError {
        @Override
        public String type() {
            return "overloaded";
        }

        @Override
        public String message() {
            return "The gateway cannot take this request now. Nothing was charged. Retry in a moment.";
        }
    }

    /** The gateway was closed. */
    record Closed() implements GatewayError {
        @Override
        public String type() {
            return "overloaded";
        }

        @Override
        public String message() {
            return "This gateway is closed and takes no more requests. Nothing was charged.";
        }
    }

    /**
     * The upstream did not answer in time.
     *
     * @param provider which
     */
    record UpstreamTimeout(String provider) implements GatewayError {
        @Override
        public String type() {
            return "upstream_timeout";
        }

        @Override
        public String message() {
            return "The provider '" + provider + "' did not answer in time. Retry, or choose another model.";
        }
    }

    /** The caller hung up. Nobody reads this; it is for metrics. */
    record CallerGone() implements GatewayError {
        @Override
        public String type() {
            return "client_closed_request";
        }

        @Override
        public String message() {
            return "The caller closed the connection. What was made until then is charged.";
        }
    }

    /** A fault of the gateway's own. */
    record Internal() implements GatewayError {
        @Override
        public String type() {
            return "internal_error";
        }

        @Override
        public String message() {
            return "The gateway failed. Nothing was charged. If it happens again, tell the operator the request id.";
        }
    }
}
