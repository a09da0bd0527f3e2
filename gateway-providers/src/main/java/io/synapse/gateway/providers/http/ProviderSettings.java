package io.synapse.gateway.providers.http;

import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of one provider: {@code ACME_API_KEY} and {@code ACME_BASE_URL} for the prefix {@code ACME}. A
 * blank setting is none. Never prints the key.
 */
public final class ProviderSettings {
    private final String prefix;
    private final Function<String, @Nullable String> settings;

    /**
     * Reads the settings of one provider.
     *
     * @param prefix what their names begin with, without the underscore
     * @param settings the value of a setting by its name, or null
     */
    public ProviderSettings(String prefix, Function<String, @Nullable String> settings) {
        this.prefix = prefix;
        this.settings = settings;
    }

    /**
     * The key, or null.
     *
     * @throws IllegalArgumentException naming the setting, if it cannot stand in a header
     */
    public @Nullable String key() {
        String key = text("_API_KEY");
        if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException(prefix + "_API_KEY must be visible ASCII without blanks");
        }
        return key;
    }

    /**
     * Where the provider is.
     *
     * @param otherwise where it is unless the settings say otherwise
     * @throws IllegalArgumentException naming the setting, if it is no address
     */
    public URI baseUri(URI otherwise) {
        String text = text("_BASE_URL");
        if (text == null) {
            return otherwise;
        }
        String wrong = prefix + "_BASE_URL must be an http or https URL without user, query or fragment";
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            // Not as the cause: its message quotes the address, and that may hold a password.
            throw new IllegalArgumentException(wrong);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        boolean bare = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (!http || !bare || uri.getHost() == null) {
            throw new IllegalArgumentException(wrong);
        }
        return uri;
    }

    private @Nullable String text(String suffix) {
        String value = settings.apply(prefix + suffix);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
