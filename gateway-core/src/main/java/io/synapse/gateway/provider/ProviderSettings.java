package io.synapse.gateway.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An operator's settings of one provider. In the server they are environment variables or lines of {@code synapse.yaml},
 * with the provider's prefix before their names; here they go without it. Values are told to nobody else: what
 * {@link #toString} and the errors show are names. Immutable.
 */
public final class ProviderSettings {
    private final String prefix;
    private final Set<String> names;
    private final Map<String, String> values;

    /**
     * Settings with these values.
     *
     * @param id the provider's id, which makes the {@linkplain #prefix prefix}
     * @param names the names that may be asked for
     * @param values name to value, of those that the operator set; blank ones count as not set
     * @throws IllegalArgumentException if there is a value for a name that may not be asked for
     */
    public ProviderSettings(String id, Set<String> names, Map<String, String> values) {
        this.prefix = prefix(id);
        this.names = Set.copyOf(names);
        Map<String, String> set = new TreeMap<>();
        values.forEach((name, value) -> {
            known(name);
            if (!value.isBlank()) {
                set.put(name, value.strip());
            }
        });
        this.values = Map.copyOf(set);
    }

    /** What stands before the names of a provider's settings: {@code SYNAPSE_ACME_VOICE_} for {@code acme-voice}. */
    public static String prefix(String id) {
        return "SYNAPSE_" + id.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
    }

    /**
     * A setting without the white space around it, or empty if the operator did not set it.
     *
     * @param name its name without the prefix: {@code API_KEY}
     * @throws IllegalArgumentException if the factory does not name it among its {@link ProviderFactory#settings}
     */
    public Optional<String> get(String name) {
        known(name);
        return Optional.ofNullable(values.get(name));
    }

    /**
     * A setting that is an http or https URL with a host, or empty if the operator did not set it.
     *
     * @throws IllegalArgumentException if it is none, or as {@link #get} does
     */
    public Optional<URI> url(String name) {
        return get(name).map(value -> {
            try {
                URI uri = new URI(value);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                // Told below, without the value.
            }
            throw wrong(name, "must be an http or https URL");
        });
    }

    /**
     * An error to throw about a setting; its message begins with the setting's full name.
     *
     * @param name its name without the prefix
     * @param rule what is wrong: {@code "must be a region, such as eu-1"}; without the value, which may be a secret
     */
    public IllegalArgumentException wrong(String name, String rule) {
        return new IllegalArgumentException(prefix + name + " " + rule);
    }

    private void known(String name) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException(
                    "the factory does not name " + name + " among its settings " + new TreeSet<>(names));
        }
    }

    /** The names of what is set; no values. */
    @Override
    public String toString() {
        return "ProviderSettings"
                + new TreeSet<>(values.keySet()).stream().map(prefix::concat).toList();
    }
}
