package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapesTest {
    @ParameterizedTest
    @CsvSource({
        "1024, 1024, 1:1",
        "1000, 1020, 1:1",
        "1000, 1040,",
        "1792, 1024, 16:9",
        "1024, 1792, 9:16",
        "1365, 1024, 4:3",
        "1536, 1024, 3:2",
        "4096, 256,"
    })
    void nearest_shape_of_a_size(int width, int height, String shape) {
        assertThat(Shapes.near(width, height, List.of("1:1", "4:3", "3:2", "16:9", "9:16")))
                .isEqualTo(shape);
    }
}
