package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.Provider;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The rules for pictures, from words and from pictures.
 *
 * @param <P> what the provider is
 */
abstract class ImageRules<P extends Provider> extends MediaUpstreamRules<P, ImageRequest, Images, ImageFeature> {
    private static final Media MASK = SampleMedia.picture(99);

    /** The picture that requests start from, or null. */
    abstract @Nullable Media source();

    @Override
    final ImageRequest request() {
        return request(Map.of(), null);
    }

    @Override
    final ImageRequest request(ImageFeature feature) {
        return feature == ImageFeature.MASK ? request(Map.of(), MASK) : request(asking(feature), null);
    }

    private ImageRequest request(Map<String, ?> more, @Nullable Media mask) {
        Map<String, String> plain = Map.of("model", "a-model", "prompt", "a fox in the rain");
        return ImageRequest.of(joined(plain, more), source(), mask);
    }

    @Override
    final Images answer(@Nullable Usage usage) {
        return pictures(1, usage);
    }

    @Override
    final Images answer(ImageFeature feature) {
        return feature == ImageFeature.SEVERAL ? pictures((Integer) value(feature), null) : answer((Usage) null);
    }

    private static Images pictures(int count, @Nullable Usage usage) {
        List<Picture> pictures = IntStream.range(0, count)
                .mapToObj(i -> new Picture(SampleMedia.picture(i), null))
                .toList();
        return new Images(pictures, usage);
    }

    @Override
    final Unit unit() {
        return Unit.IMAGES;
    }

    @Override
    final @Nullable Usage usage(Images images) {
        return images.usage();
    }

    @Override
    final Usage counted(Images images) {
        return Usage.of(Unit.IMAGES, images.pictures().size());
    }

    @Override
    final void assertSame(Images images, Images upstreams) {
        assertThat(images.pictures()).hasSameSizeAs(upstreams.pictures());
        for (int i = 0; i < images.pictures().size(); i++) {
            Media picture = images.pictures().get(i).media();
            Media made = upstreams.pictures().get(i).media();
            assertThat(picture.bytes()).as("the bytes of picture %d", i).isEqualTo(made.bytes());
            assertThat(picture.type()).as("the type of picture %d", i).isEqualTo(made.type());
        }
    }

    @Override
    final void assertKept(ImageFeature feature, Images answered, Images upstreams) {
        if (feature != ImageFeature.SEVERAL) {
            return;
        }
        List<byte[]> made = upstreams.pictures().stream()
                .map(picture -> picture.media().bytes())
                .toList();
        assertThat(answered.pictures()).as("the pictures asked for").hasSameSizeAs(made);
        assertThat(answered.pictures())
                .allSatisfy(picture -> assertThat(made)
                        .anySatisfy(bytes ->
                                assertThat(bytes).isEqualTo(picture.media().bytes())));
    }

    @Test
    void prompt_reaches_the_upstream() throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        assertThat(upstream.heard()).contains("a fox in the rain");
    }

    @Test
    void provider_options_cannot_replace_the_model() throws Exception {
        assertModelCannotBeReplaced(options ->
                request(Map.of("providerOptions", Map.of(provider.id(), options)), null));
    }

    @Test
    void pictures_that_nobody_asked_for_are_not_handed_on() throws Exception {
        upstream.answers(pictures(3, null));
        assertThat(ask(call(), request()).result().pictures()).hasSize(1);
    }

    @Test
    void one_failure_of_several_is_one_of_all() throws Exception {
        assumeTrue(features().contains(ImageFeature.SEVERAL));
        upstream.answers(answer(ImageFeature.SEVERAL));
        ask(call(), request(ImageFeature.SEVERAL)).result();
        int requests = upstream.requests();
        upstream.cutsOff(answer(ImageFeature.SEVERAL), requests);
        assertThat(ask(call(), request(ImageFeature.SEVERAL)).failure()).isInstanceOf(Exception.class);
    }
}
