package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.synapse.gateway.Admission;
import java.time.Duration;

/**
 * Serves calls that cost something: admitted first, then served; only once, if the caller gave them a name. A body counts
 * towards the {@linkplain BodyBudget budget} until its call is over, wherever its caller is by then.
 */
final class MeteredCalls implements AutoCloseable {
    private final Door door;
    private final MediaAnswers answers;
    private final IdempotentCalls idempotent;
    private final Duration sendTimeout;
    private final BodyBudget bodies;

    MeteredCalls(Door door, MediaAnswers answers, IdempotentCalls idempotent, Duration sendTimeout, BodyBudget bodies) {
        this.door = door;
        this.answers = answers;
        this.idempotent = idempotent;
        this.sendTimeout = sendTimeout;
        this.bodies = bodies;
    }

    /** Serves an endpoint, whose bodies have so many bytes at most. */
    Handler handler(int mostBytes, ApiEndpoint endpoint) {
        return ctx -> serve(ctx, mostBytes, endpoint);
    }

    /** The bytes of bodies that are held now. */
    long bodyBytes() {
        return bodies.held();
    }

    private void serve(Context ctx, int mostBytes, ApiEndpoint endpoint) {
        Exchange exchange = Exchange.of(ctx);
        Admission admission = door.admit(ctx);
        String key = exchange.idempotencyKey();
        String base = answers.base(ctx);
        BodyBudget.Share share = bodies.share();
        try {
            RequestBody body = RequestBody.of(ctx, mostBytes, share);
            if (key != null) {
                once(exchange, admission, key, body, base, share, endpoint);
                return;
            }
            try (BufferedReply reply = new BufferedReply(exchange.reply(), sendTimeout)) {
                endpoint.answer(new ApiCall(admission, body, base, reply));
            }
        } finally {
            if (!share.isHandedOver()) {
                share.close();
            }
        }
    }

    private void once(
            Exchange exchange,
            Admission admission,
            String key,
            RequestBody body,
            String base,
            BodyBudget.Share share,
            ApiEndpoint endpoint) {
        byte[] bytes = body.bytes();
        RequestBody kept = body.kept(bytes);
        idempotent.serve(
                admission,
                key,
                Fingerprint.of(exchange.line(), body.contentType(), bytes),
                (inBackground, reply) -> {
                    share.handOver();
                    return new ApiCall(inBackground, kept, base, reply);
                },
                call -> {
                    try (share) {
                        endpoint.answer(call);
                    }
                },
                exchange.reply());
    }

    /** To be closed once no call runs any more. */
    @Override
    public void close() {
        idempotent.close();
    }
}
