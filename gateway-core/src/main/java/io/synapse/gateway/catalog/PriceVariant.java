package io.synapse.gateway.catalog;

import io.synapse.gateway.credit.PriceList;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs where a request asks for a certain quality or size. Immutable.
 *
 * @param quality the word of the request, or null for any
 * @param sizes the sizes of the request, each as {@code WIDTHxHEIGHT}; empty for any
 * @param abovePixels more pixels than this the size of the request has; 0 for any, or none
 * @param prices what it costs then
 */
public record PriceVariant(@Nullable String quality, Set<String> sizes, long abovePixels, PriceList prices) {
    public PriceVariant {
        sizes = Set.copyOf(sizes);
        if (quality == null && sizes.isEmpty() && abovePixels == 0) {
            throw new IllegalArgumentException("a variant needs a quality, sizes or a number of pixels");
        }
        if (abovePixels < 0 || (abovePixels > 0 && !sizes.isEmpty())) {
            throw new IllegalArgumentException("a variant goes by sizes or by a number of pixels");
        }
    }

    boolean covers(@Nullable String askedQuality, @Nullable String askedSize) {
        return (quality == null || quality.equals(askedQuality))
                && (sizes.isEmpty() || (askedSize != null && sizes.contains(askedSize)))
                && (abovePixels == 0 || (askedSize != null && pixels(askedSize) > abovePixels));
    }

    private static long pixels(String size) {
        int cross = size.indexOf('x');
        return Long.parseLong(size.substring(0, cross)) * Long.parseLong(size.substring(cross + 1));
    }
}
