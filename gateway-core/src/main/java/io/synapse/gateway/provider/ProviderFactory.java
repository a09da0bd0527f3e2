package io.synapse.gateway.provider;

import java.util.Optional;
import java.util.Set;

/**
 * Makes a provider out of an operator's settings: the way into a server for providers that it has never heard of. The
 * bundled server finds factories by {@link java.util.ServiceLoader}, in each jar of its {@code plugins} directory and on
 * its own class path; a file {@code META-INF/services/io.synapse.gateway.provider.ProviderFactory} names the class, which
 * is public and has a public constructor without parameters.
 *
 * <p>Each method is called at start-up, by one thread. What breaks a rule that stands here stops the start, with one line
 * that says which.
 */
public interface ProviderFactory {
    /**
     * The provider's {@linkplain Provider#id() id}: a lower-case letter, then at most 39 more, digits or dashes. No other
     * provider of the server has it.
     */
    String id();

    /**
     * The names of the settings that there are, without the {@linkplain ProviderSettings#prefix prefix}: capital letters,
     * digits and underscores, such as {@code API_KEY}. The server refuses settings with the prefix that are not among them.
     */
    Set<String> settings();

    /**
     * Makes the provider. It implements at least one of {@link ChatProvider} and its siblings. If it is
     * {@link AutoCloseable} as well, it is closed once when the server stops, after its last call has ended.
     *
     * @param settings the operator's values of the {@linkplain #settings() settings that there are}
     * @return the provider, or empty if it lacks credentials: its models answer 503 then, and say so
     * @throws IllegalArgumentException if a setting is ill-formed; best made by {@link ProviderSettings#wrong}
     */
    Optional<? extends Provider> create(ProviderSettings settings);
}
