package io.synapse.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.synapse.gateway.catalog.PictureTokens.Each;
import io.synapse.gateway.catalog.PictureTokens.Patches;
import io.synapse.gateway.catalog.PictureTokens.Tiles;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureTokensTest {
    private static final Tiles TILES = new Tiles(85, 170);

    @ParameterizedTest(name = "{0}x{1} has {2} tiles")
    @CsvSource({
        "1, 1, 1",
        "512, 512, 1",
        "513, 512, 2",
        "1024, 1024, 4",
        "768, 2048, 8",
        "2048, 4096, 6",
        "4096, 2048, 6",
        "8192, 100, 4",
        "16384, 16384, 4",
        "2048, 768, 8"
    })
    void a_picture_is_cut_into_tiles_as_openai_scales_it(int width, int height, int tiles) {
        assertThat(TILES.of(width, height, false)).isEqualTo(85 + 170L * tiles);
        assertThat(TILES.of(width, height, true)).isEqualTo(85);
    }

    @Test
    void no_rounding_of_the_sides_makes_more_tiles_than_are_counted() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            int width = 1 + random.nextInt(6_000);
            int height = 1 + random.nextInt(6_000);
            long counted = (TILES.of(width, height, false) - 85) / 170;
            for (Rounding rounding : Rounding.values()) {
                assertThat(tiles(width, height, rounding))
                        .as("%dx%d %s", width, height, rounding)
                        .isLessThanOrEqualTo(counted);
            }
        }
    }

    private enum Rounding {
        NONE,
        DOWN,
        NEAREST,
        UP;

        double of(double side) {
            return switch (this) {
                case NONE -> side;
                case DOWN -> Math.max(1, Math.floor(side));
                case NEAREST -> Math.max(1, Math.rint(side));
                case UP -> Math.ceil(side);
            };
        }
    }

    private static long tiles(double width, double height, Rounding rounding) {
        double fit = Math.min(1, 2_048 / Math.max(width, height));
        double w = rounding.of(width * fit);
        double h = rounding.of(height * fit);
        double less = Math.min(1, 768 / Math.min(w, h));
        // A number that should be whole may come out a little above it.
        double across = rounding.of(w * less) - 1e-9;
        double down = rounding.of(h * less) - 1e-9;
        return (long) (Math.ceil(across / 512) * Math.ceil(down / 512));
    }

    @Test
    void tiles_are_never_more_than_the_most() {
        Random random = new Random(8);
        for (int i = 0; i < 100_000; i++) {
            assertThat(TILES.of(1 + random.nextInt(16_384), 1 + random.nextInt(16_384), false))
                    .isLessThanOrEqualTo(TILES.most(false));
        }
        assertThat(TILES.most(false)).isEqualTo(85 + 170 * 8);
        assertThat(TILES.most(true)).isEqualTo(85);
    }

    @ParameterizedTest(name = "{0}x{1} counts as {2}")
    @CsvSource({"32, 32, 2", "33, 32, 4", "1024, 1024, 1659", "4000, 3000, 2489"})
    void a_picture_is_cut_into_patches_up_to_a_most(int width, int height, int tokens) {
        Patches patches = new Patches(32, 1_536, 162);
        assertThat(patches.of(width, height, false)).isEqualTo(tokens);
        assertThat(patches.of(width, height, true)).isEqualTo(tokens);
        assertThat(patches.most(false)).isEqualTo(2_489);
    }

    @Test
    void patches_of_27_pixels_cover_both_formulas_of_anthropic() {
        Patches patches = new Patches(27, 1_600, 100);
        for (int width = 1; width < 1_200; width += 7) {
            for (int height = 1; height < 1_200; height += 5) {
                long newer = Math.min(1_568, Math.ceilDiv(width, 28) * (long) Math.ceilDiv(height, 28));
                long older = Math.min(1_600, Math.ceilDiv((long) width * height, 750));
                assertThat(patches.of(width, height, false)).isGreaterThanOrEqualTo(Math.max(newer, older));
            }
        }
    }

    @Test
    void some_count_every_picture_alike_and_fewer_for_little_detail() {
        Each each = new Each(1_120, 280);
        assertThat(each.of(5, 5, false)).isEqualTo(1_120).isEqualTo(each.most(false));
        assertThat(each.of(5_000, 5_000, true)).isEqualTo(280).isEqualTo(each.most(true));
    }

    @Test
    void nothing_counts_as_nothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Each(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Patches(32, 0, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tiles(85, -1));
    }
}
