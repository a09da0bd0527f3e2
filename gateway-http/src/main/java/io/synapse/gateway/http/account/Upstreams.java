package io.synapse.gateway.http.account;

import java.util.Set;

/**
 * The providers that operators see.
 *
 * @param configured the ids of those that have credentials
 * @param plugins the ids of those that plugins bring, whether configured or not
 */
public record Upstreams(Set<String> configured, Set<String> plugins) {
    public Upstreams {
        configured = Set.copyOf(configured);
        plugins = Set.copyOf(plugins);
    }
}
