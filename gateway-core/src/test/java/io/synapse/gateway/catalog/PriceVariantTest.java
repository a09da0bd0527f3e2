package io.synapse.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceVariantTest {
    private static PriceList images(int credits) {
        return new PriceList(Map.of(Unit.IMAGES, PriceList.rate(Unit.IMAGES, Credits.of(credits))), "v");
    }

    @ParameterizedTest(name = "{0} costs {1}")
    @CsvSource(
            nullValues = "-",
            value = {
                "-, 3",
                "1024x1024, 3",
                "256x256, 3",
                "1025x1024, 6",
                "1536x1024, 6",
                "1536x1536, 9",
                "1366x1536, 9"
            })
    void a_price_goes_by_the_pixels(String size, int credits) {
        Model model = Model.builder("m", Modality.TEXT_TO_IMAGE)
                .route(new Route("p", "u"))
                .prices(images(3))
                .variants(List.of(
                        new PriceVariant(null, Set.of(), 2_097_152, images(9)),
                        new PriceVariant(null, Set.of(), 1_048_576, images(6))))
                .build();
        assertThat(model.pricesFor(null, size)).isEqualTo(images(credits));
        assertThat(model.pricesFor("hd", size)).isEqualTo(images(credits));
    }

    @Test
    void a_variant_goes_by_something() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PriceVariant(null, Set.of(), 0, images(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new PriceVariant(null, Set.of(), -1, images(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new PriceVariant(null, Set.of("1x1"), 5, images(1)));
    }
}
