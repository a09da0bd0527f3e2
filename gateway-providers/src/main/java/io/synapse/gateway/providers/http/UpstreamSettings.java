package io.synapse.gateway.providers.http;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of an upstream that wants a key: {@code ANTHROPIC_API_KEY} and, if need be,
 * {@code ANTHROPIC_BASE_URL}. Whatever is ill-formed is named, and never quoted: it may be a secret. Immutable; never prints
 * the key.
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
        String key = credential(settings, prefix + "_API_KEY");
        if (key == null) {
            return Optional.empty();
        }
        URI base = base(settings, prefix + "_BASE_URL", usualBase);
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

    /** A setting without the blanks around it; null if it is not set, or blank. */
    public static @Nullable String text(Function<String, @Nullable String> settings, String name) {
        String value = settings.apply(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /**
     * A setting that is sent in a header; null if it is not set, or blank.
     *
     * @throws IllegalArgumentException if it cannot stand in a header
     */
    public static @Nullable String credential(Function<String, @Nullable String> settings, String name) {
        String value = text(settings, name);
        if (value != null && !value.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException(name + " must be visible ASCII without blanks");
        }
        return value;
    }

    /**
     * Where an upstream is.
     *
     * @param otherwise where it is if the setting does not say
     * @return an address without a slash at its end
     * @throws IllegalArgumentException if the setting is no address that paths can be appended to
     */
    public static URI base(Function<String, @Nullable String> settings, String name, String otherwise) {
        String value = text(settings, name);
        String wrong = name + " must be an http or https URL without user, query or fragment";
        URI uri;
        try {
            uri = URI.create((value == null ? otherwise : value).replaceAll("/+$", ""));
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
}
