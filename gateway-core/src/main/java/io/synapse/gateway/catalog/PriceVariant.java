package io.synapse.gateway.catalog;

import io.synapse.gateway.credit.PriceList;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs where a request asks for a certain quality or size.
 *
 * @param quality the word of the request, or null for any
 * @param sizes the sizes of the request, each as {@code WIDTHxHEIGHT}; empty for any
 * @param prices what it costs then
 */
public record PriceVariant(@Nullable String quality, Set<String> sizes, PriceList prices) {
    public PriceVariant {
        sizes = Set.copyOf(sizes);
        if (quality == null && sizes.isEmpty()) {
            throw new IllegalArgumentException("a variant needs a quality or sizes");
        }
    }

    boolean covers(@Nullable String askedQuality, @Nullable String askedSize) {
        return (quality == null || quality.equals(askedQuality))
                && (sizes.isEmpty() || (askedSize != null && sizes.contains(askedSize)));
    }
}
