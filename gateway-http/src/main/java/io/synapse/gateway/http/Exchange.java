package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.limit.RateDecision;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request and its answer: the request's id, its admission, and the headers that every answer has. */
public final class Exchange {
    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());
    private static final String ATTRIBUTE = "synapse.exchange";
    private static final String BEARER = "bearer ";
    private static final int LONGEST_REQUEST_ID = 128;
    private static final int LONGEST_IDEMPOTENCY_KEY = 255;
    private static final List<String> IDEMPOTENCY_HEADERS = List.of("x-mg-idempotency-key", "Idempotency-Key");

    private final Context ctx;
    private final String requestId;
    private final long began = System.nanoTime();
    private @Nullable String route;
    private boolean keyed;

    private Exchange(Context ctx) {
        this.ctx = ctx;
        String given = ctx.req().getHeader("X-Request-Id");
        this.requestId = given != null && isVisibleAscii(given) ? given : Gateway.newRequestId();
        ctx.res().setHeader("X-Request-Id", requestId);
    }

    /** The exchange of a request; there is one for each. */
    public static Exchange of(Context ctx) {
        Exchange known = ctx.attribute(ATTRIBUTE);
        if (known == null) {
            known = new Exchange(ctx);
            ctx.attribute(ATTRIBUTE, known);
        }
        return known;
    }

    private static boolean isVisibleAscii(String text) {
        return text.length() <= LONGEST_REQUEST_ID && isVisible(text);
    }

    private static boolean isVisible(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= 0x21 && c <= 0x7e);
    }

    /** Names the request in answers, receipts and logs. */
    public String requestId() {
        return requestId;
    }

    /** Nanoseconds since the request arrived. */
    long age() {
        return System.nanoTime() - began;
    }

    /** The route that serves it, for metrics. */
    void route(String path) {
        route = path;
    }

    String route() {
        return route == null ? "none" : route;
    }

    /** Passes the engine's first two gates and puts the rate limit's state on the answer, whatever it will be. */
    Admission admit(Gateway gateway) {
        keyed = true;
        try {
            Admission admission = gateway.admit(requestId, secret());
            rateHeaders(admission.rate());
            return admission;
        } catch (GatewayException e) {
            if (e.error() instanceof GatewayError.RateLimited limited) {
                rateHeaders(limited.rate());
            }
            throw e;
        }
    }

    private @Nullable String secret() {
        String header = ctx.req().getHeader("Authorization");
        return header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? header.substring(BEARER.length()).trim()
                : null;
    }

    private void rateHeaders(RateDecision rate) {
        String limit = Integer.toString(rate.limit());
        String remaining = Integer.toString(rate.remaining());
        long seconds = (rate.reset().toMillis() + 999) / 1000;
        ctx.res().setHeader("RateLimit-Limit", limit);
        ctx.res().setHeader("RateLimit-Remaining", remaining);
        ctx.res().setHeader("RateLimit-Reset", Long.toString(seconds));
        ctx.res().setHeader("x-ratelimit-limit-requests", limit);
        ctx.res().setHeader("x-ratelimit-remaining-requests", remaining);
        ctx.res().setHeader("x-ratelimit-reset-requests", seconds + "s");
    }

    /**
     * The name that the caller gave the call, so that sending it again does not run it again; null if it has none.
     *
     * @throws InvalidRequestException if it is ill-formed, or two headers name it differently
     */
    @Nullable
    String idempotencyKey() {
        String key = null;
        for (String header : IDEMPOTENCY_HEADERS) {
            String value = ctx.req().getHeader(header);
            if (value == null) {
                continue;
            }
            if (value.length() > LONGEST_IDEMPOTENCY_KEY || !isVisible(value)) {
                throw new InvalidRequestException(
                        header, "'" + header + "' must be 1 to 255 visible ASCII characters.");
            }
            if (key != null && !key.equals(value)) {
                throw new InvalidRequestException(header, "The two idempotency headers differ; send one of them.");
            }
            key = value;
        }
        return key;
    }

    /** What the request is, beside its body: method and path. */
    String line() {
        return ctx.method().name() + " " + ctx.path().replaceFirst("^/api", "");
    }

    /** Where the request came from, as far as the connection tells. */
    String address() {
        return ctx.ip();
    }

    /** Answers the caller himself. */
    DirectReply reply() {
        return new DirectReply(ctx);
    }

    /** The JSON object that the body is, of at most so many bytes; what it is not is refused, with 400, 413 or 415. */
    public Map<String, @Nullable Object> body(int mostBytes) {
        return RequestBody.json(ctx, mostBytes);
    }

    /** Answers with JSON. */
    public void json(int status, Object body) {
        ctx.status(status).contentType("application/json").result(Json.bytes(body));
    }

    /** Answers with an error. */
    void fail(ApiError error) {
        ctx.res().setHeader("x-should-retry", Boolean.toString(error.retry()));
        Long wait = error.retryAfterSeconds();
        if (wait != null) {
            ctx.res().setHeader("Retry-After", wait.toString());
        }
        if (error.status() == 401 && keyed) {
            ctx.res().setHeader("WWW-Authenticate", "Bearer");
        }
        byte[] body = Json.bytes(error.envelope(requestId));
        ctx.status(error.status()).contentType("application/json");
        try {
            if (UnreadBody.isLeft(ctx.req())) {
                ctx.res().setContentLength(body.length);
                ctx.res().getOutputStream().write(body);
                ctx.res().flushBuffer();
                UnreadBody.discard(ctx.req());
                return;
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the caller of {0} did not wait for its error", requestId);
            return;
        }
        ctx.result(body);
    }
}
