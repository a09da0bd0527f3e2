package io.synapse.gateway.providers.sandbox;

import org.jspecify.annotations.Nullable;

/** Turns texts into numbers that look random: the same in every process, on every machine. */
final class Fingerprint {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Fingerprint() {}

    /** Of a text. */
    static long of(String text) {
        return of(text, 0, text.length(), 0);
    }

    /** Of the part of a text from one index to before another; a salt tells equal parts of different kinds apart. */
    static long of(CharSequence text, int from, int to, long salt) {
        long hash = FNV_BASIS ^ mix(salt);
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Of a prompt and the seed that came with it, if one did. */
    static long of(String prompt, @Nullable Object seed) {
        return seed == null ? of(prompt) : mix(of(prompt) + of(seed.toString()));
    }

    /** Spreads a number's bits evenly (the finalizer of SplitMix64). */
    static long mix(long number) {
        long z = number + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
