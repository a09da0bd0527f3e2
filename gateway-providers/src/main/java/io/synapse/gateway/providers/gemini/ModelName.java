package io.synapse.gateway.providers.gemini;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a model tells of it: {@code gemini-3.5-flash-lite}. Of a name that tells nothing nothing is assumed.
 *
 * @param version a hundred times the major number, and the minor one; 0 where the name has none
 * @param pro whether it is of the large kind
 */
record ModelName(int version, boolean pro) {
    private static final Pattern VERSION = Pattern.compile("gemini-([0-9]{1,3})(?:\\.([0-9]{1,2}))?(?:-.*)?");

    static ModelName of(String name) {
        boolean pro = name.contains("-pro");
        Matcher matcher = VERSION.matcher(name);
        if (matcher.matches()) {
            int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
            return new ModelName(100 * Integer.parseInt(matcher.group(1)) + minor, pro);
        }
        boolean newest = name.startsWith("gemini-") && name.endsWith("-latest");
        return new ModelName(newest ? Integer.MAX_VALUE : 0, pro);
    }

    /** Whether the name tells the version. */
    boolean known() {
        return version > 0;
    }

    /** Whether the name tells that it is of this version or a later one. */
    boolean since(int major, int minor) {
        return version >= 100 * major + minor;
    }
}
