package io.synapse.gateway.providers.ark;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.ImageProviderContract;
import io.synapse.gateway.providers.internal.media.ImageWire;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArkProviderTest extends ImageProviderContract<ArkProvider> {
    private static final String MODEL = "seedream-4-0-250828";
    private static final String FOX = "{\"prompt\":\"a fox\"}";

    @Override
    protected String id() {
        return "ark";
    }

    @Override
    protected String model() {
        return MODEL;
    }

    @Override
    protected Optional<? extends Provider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return ArkProvider.of(http, settings);
    }

    @Override
    protected ArkProvider provider() {
        return ArkProvider.of(wire.http, wire.settings("ARK")::get).orElseThrow();
    }

    @Override
    protected Answer well(Request request) {
        return Answer.json(200, answer("\"generated_images\":1,\"output_tokens\":16384,\"total_tokens\":16384"));
    }

    private static String answer(String usage) {
        return "{\"model\":\"" + MODEL + "\",\"created\":1757469067,\"data\":[{\"b64_json\":\"" + ImageWire.B64
                + "\",\"size\":\"2048x2048\"}],\"usage\":{" + usage + "}}";
    }

    private Images draw(String json) throws UpstreamException {
        return provider().draw(ImageWire.call(MODEL), ImageWire.image(json));
    }

    private UpstreamException failed(int status, String body) {
        wire.upstream.answer(Answer.json(status, body));
        return ImageWire.failure(() -> draw(FOX));
    }

    private @Nullable Usage used(String usage) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, answer(usage)));
        return draw(FOX).usage();
    }

    @Test
    void drawing_by_the_letter() throws Exception {
        wire.upstream.answerAll(this::well);
        draw("{\"prompt\":\"a fox\",\"size\":\"2048x1536\",\"user\":\"u\",\"style\":\"vivid\","
                + "\"providerOptions\":{\"ark\":{\"optimize_prompt_options\":{\"mode\":\"fast\"}},\"fal\":{\"a\":1}}}");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/images/generations");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + ImageWire.KEY);
        assertThat(arrived.json())
                .isEqualTo(PlainJson.object("{\"model\":\"seedream-4-0-250828\",\"prompt\":\"a"
                        + " fox\",\"size\":\"2048x1536\",\"response_format\":\"b64_json\",\"watermark\":false,"
                        + "\"sequential_image_generation\":\"disabled\","
                        + "\"optimize_prompt_options\":{\"mode\":\"fast\"}}"));
    }

    @Test
    void edit_by_the_letter() throws Exception {
        wire.upstream.answerAll(this::well);
        provider()
                .edit(
                        ImageWire.call(MODEL),
                        ImageWire.edit("{\"prompt\":\"snow\",\"providerOptions\":{\"ark\":{\"watermark\":true}}}"));
        assertThat(wire.upstream.lastRequest().path()).isEqualTo("/v1/images/generations");
        assertThat(wire.upstream.lastRequest().json())
                .isEqualTo(PlainJson.object("{\"model\":\"seedream-4-0-250828\",\"prompt\":\"snow\","
                        + "\"image\":\"data:image/png;base64," + ImageWire.B64
                        + "\",\"response_format\":\"b64_json\",\"watermark\":true,"
                        + "\"sequential_image_generation\":\"disabled\"}"));
    }

    @Test
    void several_pictures_are_several_calls_and_a_sum() throws Exception {
        wire.upstream.answerAll(this::well);
        assertThat(draw("{\"prompt\":\"a fox\",\"n\":3}").usage()).isEqualTo(Usage.of(Unit.IMAGES, 3));
        assertThat(wire.upstream.requests()).hasSize(3);
    }

    @Test
    void usage_is_what_was_drawn_or_unknown() throws Exception {
        assertThat(used("\"generated_images\":1")).isEqualTo(Usage.of(Unit.IMAGES, 1));
        assertThat(used("\"generated_images\":0")).isEqualTo(Usage.of(Unit.IMAGES, 0));
        assertThat(used("")).isNull();
        assertThat(used("\"generated_images\":null")).isNull();
        assertThat(used("\"generated_images\":-1")).isNull();
        assertThat(used("\"generated_images\":5")).isNull();
        assertThat(used("\"generated_images\":\"1\"")).isNull();
    }

    @Test
    void one_unknown_makes_the_sum_unknown() throws Exception {
        wire.upstream.answer(Answer.json(200, answer("")));
        wire.upstream.answerAll(this::well);
        assertThat(draw("{\"prompt\":\"a fox\",\"n\":3}").usage()).isNull();
    }

    @Test
    void url_is_fetched_without_credentials() throws Exception {
        wire.upstream.answer(
                Answer.json(200, "{\"data\":[{\"url\":\"" + wire.upstream.uri() + "/f.jpeg?sig=x\"}]}"),
                ImageWire.file("image/jpeg", ImageWire.PNG.bytes()));
        assertThat(draw(FOX).pictures().getFirst().media().type()).isEqualTo("image/png");
        assertThat(wire.upstream.lastRequest().headers()).doesNotContainKey("Authorization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[]}",
                "{\"data\":[7]}",
                "{\"data\":[null]}",
                "{\"data\":[{}]}",
                "{\"data\":[{\"b64_json\":\"?\"}]}",
                "{\"data\":[{\"b64_json\":\"\"}]}",
                "{\"data\":[{\"url\":7}]}",
                "{\"data\":[{\"url\":\"ftp://x.example/a\"}]}",
                "{\"data\":[{\"error\":\"words\"}]}"
            })
    void what_is_no_picture_is_malformed(String body) {
        assertThat(failed(200, body).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void error_in_place_of_the_picture_is_that_error() {
        UpstreamException refused = failed(
                200,
                "{\"data\":[{\"error\":{\"code\":\"OutputImageSensitiveContentDetected\",\"message\":\"The request"
                        + " failed because the output image may contain sensitive information.\"}}]}");
        assertThat(refused.kind()).isEqualTo(Kind.REJECTED);
        assertThat(refused).hasMessageContaining("sensitive information");
        assertThat(failed(200, "{\"data\":[{\"error\":{\"code\":\"InternalServiceError\",\"message\":\"m\"}}]}")
                        .kind())
                .isEqualTo(Kind.FAILED);
        assertThat(failed(200, "{\"data\":[],\"error\":{\"code\":\"ServerOverloaded\",\"message\":\"m\"}}")
                        .kind())
                .isEqualTo(Kind.OVERLOADED);
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidParameter, REJECTED",
        "400, InputTextSensitiveContentDetected, REJECTED",
        "400, InputImageSensitiveContentDetected, REJECTED",
        "400, InvalidEndpoint.ClosedEndpoint, MODEL_GONE",
        "401, AuthenticationError, UNAUTHORIZED",
        "403, AccessDenied, UNAUTHORIZED",
        "403, AccountOverdueError, QUOTA_EXHAUSTED",
        "404, InvalidEndpointOrModel.NotFound, MODEL_GONE",
        "404, ModelNotOpen, MODEL_GONE",
        "429, RateLimitExceeded.EndpointRPMExceeded, RATE_LIMITED",
        "429, ModelAccountIpmRateLimitExceeded, RATE_LIMITED",
        "429, SetLimitExceeded, QUOTA_EXHAUSTED",
        "429, ServerOverloaded, OVERLOADED",
        "500, InternalServiceError, FAILED"
    })
    void error_code_tells_what_went_wrong(int status, String code, Kind kind) {
        assertThat(failed(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"m\",\"param\":\"\"}}")
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({"size, size", "image, image", "prompt, prompt", "watermark, "})
    void field_at_fault_has_the_callers_name(String theirs, String ours) {
        assertThat(failed(
                                400,
                                "{\"error\":{\"code\":\"InvalidParameter\",\"message\":\"m\",\"param\":\"" + theirs
                                        + "\",\"type\":\"BadRequest\"}}")
                        .param())
                .isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource({
        "seedream-4-0-250828, 1280x720, 1279x720",
        "seedream-4-5-251128, 2560x1440, 2559x1440",
        "seedream-5-0-260128, 2560x1440, 2559x1440"
    })
    void least_size_is_the_models_own(String model, String least, String smaller) throws Exception {
        UpstreamCall call = ImageWire.call(model);
        String request = "{\"prompt\":\"a\",\"size\":\"%s\"}";
        assertUnsupported(
                ImageWire.failure(() -> provider().draw(call, ImageWire.image(request.formatted(smaller)))), "size");
        wire.upstream.answerAll(this::well);
        provider().draw(call, ImageWire.image(request.formatted(least)));
        assertThat(wire.upstream.lastRequest().json()).containsEntry("size", least);
    }

    @Test
    void what_seedream_cannot_do_is_refused_before_anything_is_sent() {
        assertUnsupported(
                ImageWire.failure(() -> draw("{\"prompt\":\"a\",\"negative_prompt\":\"b\"}")), "negative_prompt");
        assertUnsupported(ImageWire.failure(() -> draw("{\"prompt\":\"a\",\"size\":\"512x512\"}")), "size");
        assertUnsupported(ImageWire.failure(() -> draw("{\"prompt\":\"a\",\"width\":512,\"height\":512}")), "width");
        String square = "{\"prompt\":\"a\",\"size\":\"1024x1024\"}";
        assertUnsupported(
                ImageWire.failure(
                        () -> provider().draw(ImageWire.call("seedream-4-5-251128"), ImageWire.image(square))),
                "size");
        ImageRequest masked = ImageRequest.of(Map.of("prompt", "a"), ImageWire.PNG, ImageWire.PNG);
        assertUnsupported(ImageWire.failure(() -> provider().edit(ImageWire.call(MODEL), masked)), "mask");
        Media large = new Media(new byte[10 * 1024 * 1024 + 1], "image/png");
        ImageRequest heavy = ImageRequest.of(Map.of("prompt", "a", "reference_image", "x"), large, null);
        assertUnsupported(ImageWire.failure(() -> provider().edit(ImageWire.call(MODEL), heavy)), "reference_image");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model",
                "prompt",
                "image",
                "n",
                "size",
                "response_format",
                "stream",
                "sequential_image_generation",
                "sequential_image_generation_options",
                "tools"
            })
    void what_the_gateway_decides_is_no_option(String field) {
        assertOwned(field);
    }
}
