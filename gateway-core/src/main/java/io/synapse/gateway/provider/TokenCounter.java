package io.synapse.gateway.provider;

import java.nio.charset.StandardCharsets;

/**
 * Counts the tokens of a text: before a call to size its reservation, and after one whose upstream told no usage. Safe
 * for use by many threads.
 */
public interface TokenCounter {
    /** The best estimate of how many tokens a text has: 0 for none, else 1 or more, whatever characters it holds. */
    long count(String text);

    /**
     * A number of tokens that the text does not exceed with any tokenizer in use, as far as that can be known: reservations
     * rest on it, and what it falls short of is taken afterwards from what the wallet has left. Never below {@link #count}.
     */
    long bound(String text);

    /** Counts by bytes: a quarter of them as the estimate, half of them as the bound. Needs no vocabulary. */
    static TokenCounter byBytes() {
        return new TokenCounter() {
            @Override
            public long count(String text) {
                return (utf8Length(text) + 3) / 4;
            }

            @Override
            public long bound(String text) {
                return (utf8Length(text) + 1) / 2;
            }

            private long utf8Length(String text) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        };
    }
}
