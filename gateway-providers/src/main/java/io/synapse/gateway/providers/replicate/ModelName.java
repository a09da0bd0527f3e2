package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a catalog names a model of Replicate's: {@code owner/name}, {@code owner/name:version}, or
 * {@code deployments/owner/name}.
 *
 * @param path where predictions of it are made
 * @param model the model alone, {@code owner/name}; a deployment's name is its owner's own
 * @param version the version to ask for, or null where the path says enough
 */
record ModelName(String path, String model, @Nullable String version) {
    private static final String WORD = "[A-Za-z0-9][A-Za-z0-9._-]*";
    private static final Pattern NAME =
            Pattern.compile("(deployments/)?(" + WORD + "/" + WORD + ")(?::([0-9a-f]{64}))?");
    /** Only what Replicate calls official can be asked for by its name alone. Of the others, the version that is known. */
    private static final Map<String, String> VERSIONS =
            Map.of("lightricks/ltx-video", "8c47da666861d081eeb4d1261853087de23923a268a69b63febdf5dc1dee08e4");

    static ModelName of(String name) throws UpstreamException {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || (matcher.group(1) != null && matcher.group(3) != null)) {
            throw new UpstreamException(Kind.MODEL_GONE, "has no model of a name like that", null);
        }
        String model = matcher.group(2);
        if (matcher.group(1) != null) {
            return new ModelName("/deployments/" + model + "/predictions", model, null);
        }
        String version = matcher.group(3) == null ? VERSIONS.get(model) : matcher.group(3);
        return version == null
                ? new ModelName("/models/" + model + "/predictions", model, null)
                : new ModelName("/predictions", model, version);
    }
}
