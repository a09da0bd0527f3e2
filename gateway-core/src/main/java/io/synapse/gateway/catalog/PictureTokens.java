package io.synapse.gateway.catalog;

/**
 * How many tokens a model counts a picture in a prompt as. Whatever its size, never fewer than the model's provider does: the
 * reservation of a call hangs on it. Immutable.
 */
public sealed interface PictureTokens {
    /** What holds for most models, and for those of which nothing is known. */
    PictureTokens USUAL = new Each(2_000, 2_000);

    /**
     * The tokens of one picture.
     *
     * @param width in pixels, 1 at least
     * @param height in pixels, 1 at least
     * @param brief whether all pictures of the prompt are to be looked at with little detail
     */
    long of(long width, long height, boolean brief);

    /** The most that a picture can count as, for one whose size cannot be known before the upstream has fetched it. */
    long most(boolean brief);

    /**
     * The same for every picture, whatever its size.
     *
     * @param tokens of a picture
     * @param brief of a picture that is looked at with little detail
     */
    record Each(long tokens, long brief) implements PictureTokens {
        public Each {
            positive(tokens, brief);
        }

        @Override
        public long of(long width, long height, boolean few) {
            return most(few);
        }

        @Override
        public long most(boolean few) {
            return few ? brief : tokens;
        }
    }

    /**
     * By tiles of 512 pixels squared, of the picture made to fit 2,048 pixels squared and then to have a shorter side of
     * 768 at most: OpenAI's guide, "Images and vision". With little detail it is the base alone.
     *
     * @param base of every picture
     * @param tile of each tile
     */
    record Tiles(long base, long tile) implements PictureTokens {
        private static final long FIT = 2_048;
        private static final long SHORTER = 768;
        private static final long SIDE = 512;

        public Tiles {
            positive(base, tile);
        }

        @Override
        public long of(long width, long height, boolean brief) {
            long longer = Math.max(width, height);
            long shorter = Math.min(width, height);
            long least = shorter;
            if (longer > FIT) {
                least = shorter * FIT / longer;
                shorter = Math.ceilDiv(shorter * FIT, longer);
                longer = FIT;
            }
            if (shorter > SHORTER) {
                // By the shorter side as whoever rounds it down has it, which makes this one the longer.
                longer = Math.min(FIT, Math.ceilDiv(longer * SHORTER, least));
                shorter = SHORTER;
            }
            return brief ? base : base + tile * Math.ceilDiv(longer, SIDE) * Math.ceilDiv(shorter, SIDE);
        }

        @Override
        public long most(boolean brief) {
            return brief ? base : base + tile * Math.ceilDiv(FIT, SIDE) * Math.ceilDiv(SHORTER, SIDE);
        }
    }

    /**
     * By patches, of which there is a most: a larger picture is made smaller until it has no more of them. How closely it is
     * to be looked at makes no difference.
     *
     * @param side of a patch, in pixels
     * @param most patches of a picture
     * @param hundredths of a token that a patch counts as
     */
    record Patches(long side, long most, long hundredths) implements PictureTokens {
        public Patches {
            positive(side, most, hundredths);
        }

        @Override
        public long of(long width, long height, boolean brief) {
            return tokens(Math.min(most, Math.ceilDiv(width, side) * Math.ceilDiv(height, side)));
        }

        @Override
        public long most(boolean brief) {
            return tokens(most);
        }

        private long tokens(long patches) {
            return Math.ceilDiv(patches * hundredths, 100);
        }
    }

    private static void positive(long... numbers) {
        for (long number : numbers) {
            if (number < 1 || number > 1_000_000_000) {
                throw new IllegalArgumentException("a picture cannot count by " + number);
            }
        }
    }
}
