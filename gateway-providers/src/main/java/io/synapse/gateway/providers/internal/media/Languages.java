package io.synapse.gateway.providers.internal.media;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Names languages as transcripts do: {@code english}. */
public final class Languages {
    /** Two letters (ISO 639-1) for three (ISO 639-2/T, and 639-3 where there is both). */
    private static final Map<String, String> SHORT = new HashMap<>();

    static {
        for (String two : Locale.getISOLanguages()) {
            SHORT.put(Locale.of(two).getISO3Language(), two);
        }
    }

    private Languages() {}

    /**
     * The English name of a language, in lower case.
     *
     * @param code of two letters, of three, or with a region: {@code en}, {@code eng}, {@code en-US}
     * @return the name; the code itself where it is unknown
     */
    public static String named(String code) {
        String language = Locale.forLanguageTag(code).getLanguage();
        String name = Locale.of(SHORT.getOrDefault(language, language)).getDisplayLanguage(Locale.ENGLISH);
        return name.isEmpty() ? code : name.toLowerCase(Locale.ROOT);
    }
}
