package io.synapse.gateway;

import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which routes keep failing. Such a route is left alone for a while: asked only where no other is well. A success makes it
 * well at once. What a caller did wrong says nothing about a route. Safe for use by many threads.
 */
final class RouteHealth {
    /** So many failures in a row are no accident. */
    private static final int FAILURES = 3;

    private static final Duration SHORT = Duration.ofSeconds(15);
    /** For what an operator has to mend, and the longest that any route is left alone. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private final LongSupplier nanoTicker;
    private final Map<Route, State> states = new ConcurrentHashMap<>();

    /** Failures in a row, and until when to leave it alone, if so. */
    private record State(int failures, @Nullable Long untilNanos) {}

    RouteHealth(LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
    }

    /** Whether a route should be asked before others. */
    boolean isWell(Route route) {
        State state = states.get(route);
        return state == null || state.untilNanos() == null || nanoTicker.getAsLong() - state.untilNanos() >= 0;
    }

    void succeeded(Route route) {
        if (states.containsKey(route)) {
            states.remove(route);
        }
    }

    void failed(Route route, UpstreamException e) {
        states.compute(route, (same, known) -> {
            int failures = (known == null ? 0 : known.failures()) + 1;
            Duration rest = rest(e.kind(), e.retryAfter(), failures);
            return rest == null
                    ? new State(known == null ? 0 : known.failures(), known == null ? null : known.untilNanos())
                    : new State(failures, rest.isZero() ? null : nanoTicker.getAsLong() + rest.toNanos());
        });
    }

    /** How long to leave it alone; zero for not yet, null if the failure is none of the route's. */
    private static @Nullable Duration rest(Kind kind, @Nullable Duration asked, int failures) {
        return switch (kind) {
            case REJECTED, UNSUPPORTED -> null;
            case UNAUTHORIZED, QUOTA_EXHAUSTED, MODEL_GONE -> LONG;
            case RATE_LIMITED -> asked == null ? afterSeveral(failures) : asked.compareTo(LONG) > 0 ? LONG : asked;
            case OVERLOADED, UNREACHABLE, TIMED_OUT, FAILED, MALFORMED -> afterSeveral(failures);
        };
    }

    private static Duration afterSeveral(int failures) {
        return failures < FAILURES ? Duration.ZERO : failures < 2 * FAILURES ? SHORT : LONG;
    }
}
