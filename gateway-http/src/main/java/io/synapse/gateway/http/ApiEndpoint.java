package io.synapse.gateway.http;

/** Serves metered calls: translates between the wire and the engine, and decides nothing. Safe for use by many threads. */
@FunctionalInterface
interface ApiEndpoint {
    /** Serves a call; what it throws before the answer has begun is told with a status of its own. */
    void answer(ApiCall call);
}
