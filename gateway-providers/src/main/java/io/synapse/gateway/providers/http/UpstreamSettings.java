package io.synapse.gateway.providers.http;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of an upstream that wants a key: {@code ANTHROPIC_API_KEY} and, if need be,
 * {@code ANTHROPIC_BASE_URL}. Immutable; never prints the key.
 */
public final class UpstreamSettings {
    private final String key;
    private final URI base;

    private UpstreamSettings(String key, URI base) {
        this.key = key;
        this.base = base;
    }

    /**
     * Reads them; nothing where there is no key.
     *
     * @param prefix what the names of the settings begin with: {@code ANTHROPIC}
     * @param usualBase where the upstream is, unless a setting says otherwise
     * @param settings the value of a setting by its name, or null; a blank one is not set
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<UpstreamSettings> of(
            String prefix, String usualBase, Function<String, @Nullable String> settings) {
        String key = ProviderSettings.credential(settings, prefix + "_API_KEY");
        if (key == null) {
            return Optional.empty();
        }
        URI base = ProviderSettings.base(settings, prefix + "_BASE_URL", usualBase);
        return Optional.of(new UpstreamSettings(key, base));
    }

    /** The key. */
    public String key() {
        return key;
    }

    /** What the paths of the upstream's routes are appended to. */
    public URI base() {
        return base;
    }
}
