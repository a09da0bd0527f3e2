package io.synapse.gateway.testkit;

import org.jspecify.annotations.Nullable;

/**
 * What providers of a modality may or may not be able to do. A provider that can passes it on; one that cannot refuses it
 * by the field's name, and never drops it in silence.
 */
public interface MediaFeature {
    /** The field of the request that asks for it. */
    String field();

    /** A value of the field, for upstreams that take any. */
    Object example();

    /** What the upstream's request must contain in whatever format, or null if that cannot be told. */
    @Nullable
    String trace();
}
