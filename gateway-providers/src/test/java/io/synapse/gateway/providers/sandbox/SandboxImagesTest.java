package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.MediaAsking.decoded;
import static io.synapse.gateway.providers.sandbox.MediaAsking.drawing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxImagesTest {
    @ParameterizedTest
    @CsvSource({"256, 256", "1024, 1024", "1792, 1024", "257, 1536", "1536, 259"})
    void pictures_are_of_the_asked_size(int width, int height) throws Exception {
        Images images = draw("prompt", "a fox", "width", width, "height", height);
        BufferedImage image = decoded(images.pictures().getFirst().media());
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
        assertThat(colors(image)).hasSizeGreaterThan(100);
    }

    @Test
    void a_picture_is_a_png_of_1024x1024_that_names_the_sandbox() throws Exception {
        Images images = SANDBOX.draw(call("m", -1), ImageRequest.of("m", "a fox"));
        Images.Picture picture = images.pictures().getFirst();
        assertThat(picture.media().type()).isEqualTo("image/png");
        assertThat(picture.revisedPrompt()).isNull();
        assertThat(new String(picture.media().bytes(), StandardCharsets.ISO_8859_1))
                .contains("Synapse sandbox");
        BufferedImage image = decoded(picture.media());
        assertThat(image.getWidth()).isEqualTo(1024);
        assertThat(image.getHeight()).isEqualTo(1024);
        assertThat(image.getColorModel().hasAlpha()).isFalse();
        assertThat(images.usage()).isEqualTo(Usage.of(Unit.IMAGES, 1));
    }

    @Test
    void pictures_of_one_request_differ_and_those_of_equal_requests_do_not() throws Exception {
        Images four = draw("prompt", "a fox", "n", 4, "size", "256x256");
        assertThat(four.usage()).isEqualTo(Usage.of(Unit.IMAGES, 4));
        Set<Integer> different = new HashSet<>();
        for (Images.Picture picture : four.pictures()) {
            different.add(Arrays.hashCode(picture.media().bytes()));
        }
        assertThat(different).hasSize(4);
        assertThat(bytes(draw("prompt", "a fox", "size", "256x256")))
                .isEqualTo(four.pictures().getFirst().media().bytes());
        assertThat(bytes(draw("prompt", "a dog", "size", "256x256")))
                .isNotEqualTo(four.pictures().getFirst().media().bytes());
        assertThat(bytes(draw("prompt", "a fox", "size", "256x256", "seed", 7)))
                .isNotEqualTo(four.pictures().getFirst().media().bytes());
    }

    @Test
    void a_stopped_call_ends() {
        UpstreamCall call = call("m", -1);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThatThrownBy(() -> SANDBOX.draw(call, ImageRequest.of("m", "a fox")))
                .isInstanceOf(UpstreamException.class);
    }

    private static Images draw(Object... fields) throws UpstreamException {
        return SANDBOX.draw(call("m", -1), drawing(fields));
    }

    private static byte[] bytes(Images images) {
        return images.pictures().getFirst().media().bytes();
    }

    private static Set<Integer> colors(BufferedImage image) {
        Set<Integer> colors = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colors.add(image.getRGB(x, y));
            }
        }
        return colors;
    }
}
