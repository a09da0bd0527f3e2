package io.synapse.gateway.providers.recraft;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.ImageProviderContract;
import io.synapse.gateway.providers.internal.media.ImageWire;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecraftProviderTest extends ImageProviderContract<RecraftProvider> {
    private static final String MODEL = "recraftv3";
    private static final String FOX = "{\"prompt\":\"a fox\"}";
    private static final String ENTRY = "{\"image_id\":\"a1f2c8d4\",\"b64_json\":\"" + ImageWire.B64 + "\"}";

    @Override
    protected String id() {
        return "recraft";
    }

    @Override
    protected String model() {
        return MODEL;
    }

    @Override
    protected Optional<? extends Provider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return RecraftProvider.of(http, settings);
    }

    @Override
    protected RecraftProvider provider() {
        return RecraftProvider.of(wire.http, wire.settings("RECRAFT")::get).orElseThrow();
    }

    @Override
    protected Answer well(Request request) {
        return pictures((Integer) request.json().getOrDefault("n", 0));
    }

    private static Answer pictures(int count) {
        return Answer.json(
                200,
                "{\"created\":1748140800,\"credits\":" + 40 * count + ",\"data\":["
                        + String.join(",", Collections.nCopies(count, ENTRY)) + "]}");
    }

    private Images draw(String model, String json) throws UpstreamException {
        return provider().draw(ImageWire.call(model), ImageWire.image(json));
    }

    private Images answered(String model, String base64) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, "{\"data\":[{\"b64_json\":\"" + base64 + "\"}]}"));
        return draw(model, FOX);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void drawing_by_the_letter() throws Exception {
        wire.upstream.answerAll(this::well);
        Images images = draw(
                MODEL,
                "{\"prompt\":\"a fox\",\"n\":2,\"size\":\"1820x1024\",\"user\":\"u\",\"negative_prompt\":\"dogs\","
                        + "\"providerOptions\":{\"recraft\":{\"style\":\"realistic_image\",\"substyle\":\"hdr\","
                        + "\"controls\":{\"colors\":[{\"rgb\":[255,0,0]}],\"no_text\":true}},\"fal\":{\"a\":1}}}");
        assertThat(images.pictures()).hasSize(2);
        assertThat(images.usage()).isNull();
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/images/generations");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + ImageWire.KEY);
        assertThat(arrived.json())
                .isEqualTo(PlainJson.object("{\"prompt\":\"a fox\",\"model\":\"recraftv3\",\"n\":2,"
                        + "\"size\":\"1820x1024\",\"negative_prompt\":\"dogs\",\"response_format\":\"b64_json\","
                        + "\"style\":\"realistic_image\",\"substyle\":\"hdr\","
                        + "\"controls\":{\"colors\":[{\"rgb\":[255,0,0]}],\"no_text\":true}}"));
    }

    @Test
    void edit_by_the_letter() throws Exception {
        wire.upstream.answerAll(this::well);
        provider().edit(ImageWire.call("recraftv4_1"), ImageWire.edit("{\"prompt\":\"winter\"}"));
        assertThat(wire.upstream.lastRequest().path()).isEqualTo("/v1/images/imageToImage");
        assertThat(wire.upstream.lastRequest().json())
                .isEqualTo(PlainJson.object("{\"prompt\":\"winter\",\"model\":\"recraftv4_1\",\"n\":1,"
                        + "\"response_format\":\"b64_json\",\"image_url\":\"data:image/png;base64," + ImageWire.B64
                        + "\",\"strength\":0.5}"));
        provider()
                .edit(
                        ImageWire.call(MODEL),
                        ImageWire.edit("{\"prompt\":\"winter\",\"providerOptions\":{\"recraft\":{\"strength\":0.2}}}"));
        assertThat(PlainJson.write(wire.upstream.lastRequest().json())).contains("\"strength\":0.2");
    }

    @Test
    void edit_within_a_mask_by_the_letter() throws Exception {
        wire.upstream.answerAll(this::well);
        Media mask = RecraftMaskTest.png(4, 2, (x, y) -> x < 2 ? 0x00FFFFFF : 0xFF000000);
        ImageRequest request = ImageRequest.of(Map.of("prompt", "moon"), ImageWire.PNG, mask);
        provider().edit(ImageWire.call(MODEL), request);
        assertThat(wire.upstream.lastRequest().path()).isEqualTo("/v1/images/inpaint");
        Map<String, @Nullable Object> sent = wire.upstream.lastRequest().json();
        assertThat(sent.keySet())
                .containsExactlyInAnyOrder("prompt", "model", "n", "response_format", "image_url", "mask_url");
        assertThat(sent).containsEntry("image_url", "data:image/png;base64," + ImageWire.B64);
        assertThat(String.valueOf(sent.get("mask_url"))).startsWith("data:image/png;base64,");
    }

    @Test
    void more_than_six_pictures_are_several_requests() throws Exception {
        wire.upstream.answerAll(this::well);
        assertThat(draw(MODEL, "{\"prompt\":\"a fox\",\"n\":8}").pictures()).hasSize(8);
        assertThat(wire.upstream.requests().stream().map(each -> each.json().get("n")))
                .containsExactlyInAnyOrder(6, 2);
    }

    @Test
    void fewer_pictures_than_asked_for_are_fewer_and_more_are_not_kept() throws Exception {
        wire.upstream.answer(pictures(1), pictures(5));
        assertThat(draw(MODEL, "{\"prompt\":\"a fox\",\"n\":3}").pictures()).hasSize(1);
        assertThat(draw(MODEL, "{\"prompt\":\"a fox\",\"n\":3}").pictures()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
                "<?xml version=\"1.0\"?>\n<!-- a fox -->\n<svg></svg>"
            })
    void vector_graphics_are_known_by_their_text(String svg) throws Exception {
        Media picture =
                answered("recraftv3_vector", base64(svg)).pictures().getFirst().media();
        assertThat(picture.type()).isEqualTo("image/svg+xml");
        assertThat(picture.bytes()).asString().isEqualTo(svg);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html><svg></svg></html>", "<!doctype HTML><HTML>", "words", "{}"})
    void what_claims_to_be_a_picture_and_is_none_is_malformed(String text) {
        assertThat(ImageWire.failure(() -> answered("recraftv3_vector", base64(text)))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[]}",
                "{\"data\":[7]}",
                "{\"data\":[{}]}",
                "{\"data\":[{\"b64_json\":\"?\"}]}",
                "{\"data\":[{\"b64_json\":\"\"}]}",
                "{\"data\":[{\"url\":\"http://x.example/a.png\"}]}"
            })
    void what_is_no_picture_is_malformed(String body) {
        wire.upstream.answer(Answer.json(200, body));
        assertThat(ImageWire.failure(() -> draw(MODEL, FOX)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void url_is_fetched_without_credentials() throws Exception {
        wire.upstream.answer(
                Answer.json(
                        200,
                        "{\"data\":[{\"url\":\"" + wire.upstream.uri() + "/a.png?sig=x\",\"revised_prompt\":\"a red"
                                + " fox\"}]}"),
                ImageWire.file("image/webp", ImageWire.PNG.bytes()));
        Images.Picture picture = draw(MODEL, FOX).pictures().getFirst();
        assertThat(picture.media().type()).isEqualTo("image/png");
        assertThat(picture.revisedPrompt()).isEqualTo("a red fox");
        assertThat(wire.upstream.lastRequest().headers()).doesNotContainKey("Authorization");
    }

    @Test
    void refusal_is_told_in_the_upstreams_words_and_an_empty_account_is_no_refusal() {
        wire.upstream.answer(
                Answer.json(400, "{\"code\":\"invalid_request_parameter\",\"message\":\"unsupported style\"}"),
                Answer.json(400, "{\"code\":\"not_enough_credits\",\"message\":\"not enough credits\"}"));
        UpstreamException refused = ImageWire.failure(() -> draw(MODEL, FOX));
        assertThat(refused.kind()).isEqualTo(Kind.REJECTED);
        assertThat(refused).hasMessage("unsupported style");
        assertThat(ImageWire.failure(() -> draw(MODEL, FOX)).kind()).isEqualTo(Kind.QUOTA_EXHAUSTED);
    }

    @ParameterizedTest
    @CsvSource({
        "recraftv2, 1365x1024, 1365x1024",
        "recraftv4, 1344x768, 1344x768",
        "recraftv4_1_utility, 768x1536, 768x1536",
        "recraftv4_1_pro, 2560x1664, 2560x1664",
        "recraftv9, 333x777, 333x777",
        "recraftv3_vector, 1024x1024, 1:1",
        "recraftv3_vector, 1820x1024, 16:9",
        "recraftv4_pro_vector, 1024x1707, 6:10"
    })
    void size_in_the_words_of_the_model(String model, String size, String word) throws Exception {
        wire.upstream.answerAll(this::well);
        draw(model, "{\"prompt\":\"a fox\",\"size\":\"" + size + "\"}");
        assertThat(wire.upstream.lastRequest().json()).containsEntry("size", word);
    }

    @ParameterizedTest
    @CsvSource({
        "recraftv3, 1344x768",
        "recraftv4, 1536x1024",
        "recraftv4_1_pro, 1024x1024",
        "recraftv4_pro, 2048x1024",
        "recraftv3_vector, 2048x512"
    })
    void size_that_cannot_be_drawn_is_refused(String model, String size) {
        assertUnsupported(
                ImageWire.failure(() -> draw(model, "{\"prompt\":\"a fox\",\"size\":\"" + size + "\"}")), "size");
    }

    @Test
    void what_recraft_cannot_do_is_refused_before_anything_is_sent() {
        assertUnsupported(
                ImageWire.failure(() -> draw("recraftv4", "{\"prompt\":\"a\",\"negative_prompt\":\"b\"}")),
                "negative_prompt");
        String wordy = "{\"prompt\":\"" + "a".repeat(1_001) + "\"}";
        assertUnsupported(ImageWire.failure(() -> draw(MODEL, wordy)), "prompt");
        ImageRequest masked = ImageRequest.of(Map.of("prompt", "a"), ImageWire.PNG, ImageWire.PNG);
        assertUnsupported(ImageWire.failure(() -> provider().edit(ImageWire.call("recraftv4"), masked)), "mask");
        ImageRequest sized = ImageWire.edit("{\"prompt\":\"a\",\"size\":\"1024x1024\"}");
        assertUnsupported(ImageWire.failure(() -> provider().edit(ImageWire.call(MODEL), sized)), "size");
        Media large = new Media(new byte[10 * 1024 * 1024 + 1], "image/png");
        ImageRequest heavy = ImageRequest.of(Map.of("prompt", "a"), large, null);
        assertUnsupported(ImageWire.failure(() -> provider().edit(ImageWire.call(MODEL), heavy)), "image");
    }

    @Test
    void long_prompts_are_for_the_later_models() throws Exception {
        wire.upstream.answerAll(this::well);
        assertThat(draw("recraftv4_1", "{\"prompt\":\"" + "a".repeat(1_001) + "\"}")
                        .pictures())
                .hasSize(1);
        // Characters, not their halves.
        assertThat(draw(MODEL, "{\"prompt\":\"" + "\uD83E\uDD8A".repeat(1_000) + "\"}")
                        .pictures())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector_illustration", "vector_illustration/line_art", "icon", "Vector art"})
    void style_of_double_price_is_for_vector_models(String style) throws Exception {
        String json = "{\"prompt\":\"a\",\"providerOptions\":{\"recraft\":{\"style\":\"" + style + "\"}}}";
        UpstreamException failure = ImageWire.failure(() -> draw(MODEL, json));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.recraft.style");
        assertThat(wire.upstream.requests()).isEmpty();
        wire.upstream.answerAll(this::well);
        draw("recraftv3_vector", json);
        assertThat(wire.upstream.lastRequest().json()).containsEntry("style", style);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"any", "realistic_image", "realistic_image/hdr", "digital_illustration/noir", "logo_raster"})
    void style_in_pixels_is_for_every_model(String style) throws Exception {
        wire.upstream.answerAll(this::well);
        draw(MODEL, "{\"prompt\":\"a\",\"providerOptions\":{\"recraft\":{\"style\":\"" + style + "\"}}}");
        assertThat(wire.upstream.lastRequest().json()).containsEntry("style", style);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model",
                "prompt",
                "n",
                "size",
                "response_format",
                "image_url",
                "mask_url",
                "style_id",
                "style_references"
            })
    void what_the_gateway_decides_is_no_option(String field) {
        assertOwned(field);
    }
}
