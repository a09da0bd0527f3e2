package io.synapse.gateway.credit;

import org.jspecify.annotations.Nullable;

/**
 * What a call is metered in. Units are disjoint: a cached input token is counted under {@link #CACHED_INPUT_TOKENS} and
 * not again under {@link #INPUT_TOKENS}, so that a cost is a plain sum over units.
 */
public enum Unit {
    /** Prompt tokens read afresh. */
    INPUT_TOKENS(Measure.TOKENS, "input", null),
    /** Prompt tokens that the upstream served from its cache. */
    CACHED_INPUT_TOKENS(Measure.TOKENS, "cached_input", INPUT_TOKENS),
    /** Prompt tokens that the upstream wrote to its cache. */
    CACHE_WRITE_TOKENS(Measure.TOKENS, "cache_write", INPUT_TOKENS),
    /** Prompt tokens that stand for sound. */
    AUDIO_INPUT_TOKENS(Measure.TOKENS, "audio_input", INPUT_TOKENS),
    /** Answer tokens that the caller sees. */
    OUTPUT_TOKENS(Measure.TOKENS, "output", null),
    /** Answer tokens spent on thinking. */
    REASONING_TOKENS(Measure.TOKENS, "reasoning", OUTPUT_TOKENS),
    /** Answer tokens that stand for sound. */
    AUDIO_OUTPUT_TOKENS(Measure.TOKENS, "audio_output", OUTPUT_TOKENS),
    /** Pictures made. */
    IMAGES(Measure.IMAGES, "output", null),
    /** Characters of text to speak. */
    CHARACTERS(Measure.CHARACTERS, "input", null),
    /** Sound or film, counted in milliseconds; its price is per second. */
    MILLISECONDS(Measure.SECONDS, "output", null),
    /** Calls. */
    REQUESTS(Measure.REQUESTS, "request", null);

    /** The measure that a price list is written in. */
    public enum Measure {
        /** Priced per million. */
        TOKENS(1_000_000),
        /** Priced per second, counted in milliseconds. */
        SECONDS(1_000),
        /** Priced per character. */
        CHARACTERS(1),
        /** Priced per image. */
        IMAGES(1),
        /** Priced per call. */
        REQUESTS(1);

        private final long quantityPerPrice;

        Measure(long quantityPerPrice) {
            this.quantityPerPrice = quantityPerPrice;
        }

        /** How many counted units one written price buys: 1,000,000 tokens, 1,000 milliseconds, one image. */
        public long quantityPerPrice() {
            return quantityPerPrice;
        }

        /** The word that the model list uses: {@code tokens}, {@code seconds}, … */
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final Measure measure;
    private final String priceName;
    private final @Nullable Unit plainKind;

    Unit(Measure measure, String priceName, @Nullable Unit plainKind) {
        this.measure = measure;
        this.priceName = priceName;
        this.plainKind = plainKind;
    }

    /** The measure that this unit is priced in. */
    public Measure measure() {
        return measure;
    }

    /** The field of a price list that holds this unit's rate: {@code input}, {@code cached_input}, … */
    public String priceName() {
        return priceName;
    }

    /** The unit whose rate applies where this one has none of its own: cached input costs as input. Null for plain units. */
    public @Nullable Unit plainKind() {
        return plainKind;
    }

    /** The name in receipts and metrics: {@code input_tokens}. */
    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
