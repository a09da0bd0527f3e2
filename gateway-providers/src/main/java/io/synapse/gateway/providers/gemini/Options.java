package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges {@code providerOptions.gemini} into a body, and its {@code generationConfig} (or whatever object a route keeps
 * its settings in) into the one that stands there, field by field. The upstream takes every name in camel case and in
 * snake case, so both are the gateway's where one is.
 */
final class Options {
    /** Beside the obvious: caches belong to whoever made them, tools of Google's own and tiers of service cost extra. */
    private static final Set<String> OWNED = Set.of(
            "model",
            "contents",
            "systeminstruction",
            "tools",
            "toolconfig",
            "cachedcontent",
            "servicetier",
            "instances",
            "content",
            "requests",
            "outputdimensionality",
            "webhookconfig");

    private static final Set<String> OWNED_SETTINGS = Set.of(
            "maxoutputtokens",
            "candidatecount",
            "responsemodalities",
            "responselogprobs",
            "logprobs",
            "speechconfig",
            "imageconfig",
            "samplecount",
            "numberofvideos",
            "durationseconds",
            "aspectratio",
            "resolution",
            "generateaudio",
            "storageuri",
            "outputgcsuri",
            "outputdimensionality");

    private Options() {}

    /**
     * Takes the options over.
     *
     * @param into the upstream's body
     * @param request the caller's
     * @param settings the name of the object that is merged field by field
     */
    static void merge(Map<String, @Nullable Object> into, Map<String, @Nullable Object> request, String settings)
            throws UpstreamException {
        Map<String, @Nullable Object> all = Json.asObject(request.get("providerOptions"));
        Map<String, @Nullable Object> own = all == null ? null : Json.asObject(all.get(GeminiProvider.ID));
        if (own == null) {
            return;
        }
        for (Map.Entry<String, @Nullable Object> option : own.entrySet()) {
            String name = option.getKey();
            if (normal(name).equals(normal(settings))) {
                settings(into, settings, option.getValue());
            } else if (OWNED.contains(normal(name))) {
                throw refused(name);
            } else {
                into.put(name, option.getValue());
            }
        }
    }

    private static void settings(Map<String, @Nullable Object> into, String name, @Nullable Object value)
            throws UpstreamException {
        Map<String, @Nullable Object> given = Json.asObject(value);
        if (given == null) {
            throw UpstreamErrors.rejected(
                    "providerOptions.gemini." + name, "'providerOptions.gemini." + name + "' must be an object.");
        }
        Map<String, @Nullable Object> merged = new LinkedHashMap<>();
        Map<String, @Nullable Object> standing = Json.asObject(into.get(name));
        if (standing != null) {
            merged.putAll(standing);
        }
        for (Map.Entry<String, @Nullable Object> setting : given.entrySet()) {
            if (OWNED_SETTINGS.contains(normal(setting.getKey()))) {
                throw refused(name + "." + setting.getKey());
            }
            merged.keySet().removeIf(key -> normal(key).equals(normal(setting.getKey())));
            merged.put(setting.getKey(), setting.getValue());
        }
        into.put(name, merged);
    }

    private static UpstreamException refused(String option) {
        return UpstreamErrors.rejected(
                "providerOptions.gemini." + option, "'" + option + "' cannot be set by way of providerOptions.");
    }

    private static String normal(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
