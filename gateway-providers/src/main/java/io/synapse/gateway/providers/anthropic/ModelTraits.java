package io.synapse.gateway.providers.anthropic;

import java.util.regex.Pattern;

/**
 * What a model's generation takes.
 *
 * @param sampling whether it takes {@code temperature} and its like
 * @param adaptive whether it decides by itself how long to think, given an effort; else it wants a number of tokens
 * @param prefilled whether the conversation may end with words of its own, which it continues
 */
record ModelTraits(boolean sampling, boolean adaptive, boolean prefilled) {
    /** Up to Opus 4.6, Sonnet 4.6 and Haiku 5. */
    private static final ModelTraits EARLIER = new ModelTraits(true, false, true);

    private static final ModelTraits LATER = new ModelTraits(false, true, false);

    /** From Opus 4.7, Sonnet 5 and Haiku 5.5 on, and every family that came after those three. */
    private static final Pattern LATER_NAMES = Pattern.compile(".*\\bclaude-(?:"
            + "opus-(?:4-[7-9]\\b|[5-9]\\b|[1-9][0-9]\\b)"
            + "|sonnet-(?:[5-9]\\b|[1-9][0-9]\\b)"
            + "|haiku-(?:5-[5-9]\\b|[6-9]\\b|[1-9][0-9]\\b)"
            + "|(?!opus|sonnet|haiku|instant)[a-z]).*");

    static ModelTraits of(String model) {
        return LATER_NAMES.matcher(model).matches() ? LATER : EARLIER;
    }
}
