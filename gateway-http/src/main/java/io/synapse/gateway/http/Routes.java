package io.synapse.gateway.http;

/** A part of the server that brings routes of its own. */
@FunctionalInterface
public interface Routes {
    /** Adds the routes. Called once, before the server starts. */
    void addTo(Router router);
}
