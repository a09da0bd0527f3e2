package io.synapse.gateway.catalog;

/**
 * One way to serve a model.
 *
 * @param provider the provider's id
 * @param upstream the upstream's own name of the model
 */
public record Route(String provider, String upstream) {
    public Route {
        if (provider.isBlank() || upstream.isBlank()) {
            throw new IllegalArgumentException("a route needs a provider and the upstream's name of the model");
        }
    }
}
