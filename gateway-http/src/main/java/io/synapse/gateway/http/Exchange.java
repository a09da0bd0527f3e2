package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.Receipt;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.limit.RateDecision;
import java.util.Locale;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/** One request and its answer: the request's id, its admission, and the headers that every answer has. */
final class Exchange {
    private static final String ATTRIBUTE = "synapse.exchange";
    private static final String BEARER = "bearer ";
    private static final int LONGEST_REQUEST_ID = 128;

    private final Context ctx;
    private final String requestId;
    private final long began = System.nanoTime();
    private @Nullable String route;

    private Exchange(Context ctx) {
        this.ctx = ctx;
        String given = ctx.req().getHeader("X-Request-Id");
        this.requestId = given != null && isVisibleAscii(given) ? given : Gateway.newRequestId();
        ctx.res().setHeader("X-Request-Id", requestId);
    }

    /** The exchange of a request; there is one for each. */
    static Exchange of(Context ctx) {
        Exchange known = ctx.attribute(ATTRIBUTE);
        if (known == null) {
            known = new Exchange(ctx);
            ctx.attribute(ATTRIBUTE, known);
        }
        return known;
    }

    private static boolean isVisibleAscii(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_REQUEST_ID
                && text.chars().allMatch(c -> c >= 0x21 && c <= 0x7e);
    }

    String requestId() {
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

    /** Puts a price on the answer. */
    void creditHeaders(Credits charged, Credits remaining) {
        ctx.res().setHeader("X-Credits-Charged", charged.toString());
        ctx.res().setHeader("X-Credits-Remaining", remaining.toString());
    }

    /** Puts a receipt's price on the answer. */
    void creditHeaders(Receipt receipt) {
        creditHeaders(receipt.charged(), receipt.available());
    }

    /** Breaks the connection: an answer that has begun and cannot be finished must not look finished. */
    void breakOff() {
        ServletContextRequest.getServletContextRequest(ctx.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }

    /** Answers with JSON. */
    void json(int status, Object body) {
        ctx.status(status).contentType("application/json").result(Json.bytes(body));
    }

    /** Answers with an error. */
    void fail(ApiError error) {
        ctx.res().setHeader("x-should-retry", Boolean.toString(error.retry()));
        Long wait = error.retryAfterSeconds();
        if (wait != null) {
            ctx.res().setHeader("Retry-After", wait.toString());
        }
        if (error.status() == 401) {
            ctx.res().setHeader("WWW-Authenticate", "Bearer");
        }
        json(error.status(), error.envelope(requestId));
    }
}
