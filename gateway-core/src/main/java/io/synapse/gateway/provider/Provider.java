package io.synapse.gateway.provider;

/**
 * An upstream that serves models. What it can do is what it implements: {@link ChatProvider} and its siblings, as many of
 * them as it serves. Safe for use by many threads; calls block, one thread each. What holds for all of them stands with the
 * {@linkplain io.synapse.gateway.provider package}.
 *
 * <p>The gateway never closes a provider: one that holds connections open is {@link AutoCloseable}, and whoever made it
 * closes it, after the gateway.
 */
public interface Provider {
    /**
     * The name that catalog routes and {@code providerOptions} use: {@code openai}. Lower-case letters, digits and dashes, a
     * letter first; always the same.
     */
    String id();

    /**
     * Whether this provider can rehearse a fault of that name when it ends a model's name ({@code chat:error-500}). Only
     * a sandbox does; a real upstream's model names mean what they say.
     */
    default boolean knowsFault(String name) {
        return false;
    }

    /**
     * Whether the upstream goes on with a streamed answer, and bills all of it, when its connection is closed. The gateway
     * reads such an answer to its end although its caller is gone, to learn what it cost; any other it cancels at once.
     */
    default boolean billsAfterCancel() {
        return false;
    }
}
