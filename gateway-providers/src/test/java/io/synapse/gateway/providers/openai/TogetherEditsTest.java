package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edits where they are drawings that are told a picture. */
@Timeout(60)
class TogetherEditsTest {
    private static final String B64 = Base64.getEncoder().encodeToString(MediaWire.PNG.bytes());

    private final MediaWire wire = new MediaWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private UpstreamException refused(String model, ImageRequest request) {
        return MediaWire.failure(() ->
                wire.provider(OpenAiPreset.TOGETHER, ImageEditProvider.class).edit(MediaWire.call(model), request));
    }

    @ParameterizedTest
    @CsvSource({
        "black-forest-labs/FLUX.1-kontext-pro, '\"image_url\":\"%s\"'",
        "black-forest-labs/FLUX.2-dev, '\"reference_images\":[\"%s\"]'",
        "google/flash-image-2.5, '\"reference_images\":[\"%s\"]'",
        "google/gemini-3-pro-image, '\"reference_images\":[\"%s\"]'"
    })
    void edit_is_a_drawing_that_is_told_the_picture(String model, String told) throws Exception {
        ImageRequest request = ImageRequest.of(
                PlainJson.object("{\"prompt\":\"snow\",\"n\":2,\"size\":\"1024x768\",\"negative_prompt\":\"dogs\","
                        + "\"providerOptions\":{\"together\":{\"steps\":28}}}"),
                MediaWire.PNG,
                null);
        wire.upstream.answer(
                Answer.json(200, "{\"data\":[{\"index\":0,\"type\":\"b64_json\",\"b64_json\":\"" + B64 + "\"}]}"));
        Images edited =
                wire.provider(OpenAiPreset.TOGETHER, ImageEditProvider.class).edit(MediaWire.call(model), request);
        assertThat(edited.pictures().getFirst().media().bytes()).isEqualTo(MediaWire.PNG.bytes());
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/images/generations");
        assertThat(arrived.json())
                .isEqualTo(PlainJson.object("{\"model\":\"" + model + "\",\"prompt\":\"snow\",\"n\":2,\"width\":1024,"
                        + "\"height\":768,\"response_format\":\"base64\",\"negative_prompt\":\"dogs\","
                        + told.formatted("data:image/png;base64," + B64) + ",\"steps\":28}"));
    }

    @Test
    void edit_by_a_model_that_only_draws_or_with_a_mask_is_refused() {
        ImageRequest edit = ImageRequest.of(Map.of("prompt", "snow", "reference_image", "x"), MediaWire.PNG, null);
        UpstreamException drawing = refused("black-forest-labs/FLUX.1-schnell", edit);
        assertThat(drawing.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(drawing.param()).isEqualTo("reference_image");
        ImageRequest masked = ImageRequest.of(Map.of("prompt", "snow"), MediaWire.PNG, MediaWire.PNG);
        UpstreamException mask = refused("black-forest-labs/FLUX.1-kontext-pro", masked);
        assertThat(mask.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(mask.param()).isEqualTo("mask");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void refusal_blames_the_callers_field() {
        wire.upstream.answer(Answer.json(
                400,
                "{\"error\":{\"message\":\"cannot read it\",\"type\":\"invalid_request_error\","
                        + "\"param\":\"image_url\"}}"));
        ImageRequest edit = ImageRequest.of(Map.of("prompt", "snow"), MediaWire.PNG, null);
        UpstreamException failure = refused("black-forest-labs/FLUX.1-kontext-max", edit);
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("image");
    }
}
