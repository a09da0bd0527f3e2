package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every adapter to an upstream of pictures does. Its first request to the upstream is the one that matters: for the
 * picture itself, or for a job.
 *
 * @param <P> the adapter
 */
@Timeout(60)
public abstract class ImageProviderContract<P extends ImageProvider & ImageEditProvider> {
    private static final String FOX = "{\"prompt\":\"a fox\"}";

    protected final ImageWire wire = new ImageWire();

    @AfterEach
    void close() {
        wire.close();
    }

    /** The name of the provider, in lower case; its settings have it in upper case. */
    protected abstract String id();

    /** A model that draws and edits. */
    protected abstract String model();

    /** Makes a provider of settings. */
    protected abstract Optional<? extends Provider> of(UpstreamHttp http, Function<String, @Nullable String> settings);

    /** A provider of the stand-in; patient or not. */
    protected abstract P provider();

    /** How an upstream that is well answers. */
    protected abstract Answer well(Request request);

    private String prefix() {
        return id().toUpperCase(Locale.ROOT);
    }

    private Images draw(String json) throws UpstreamException {
        return provider().draw(ImageWire.call(model()), ImageWire.image(json));
    }

    private UpstreamException answered(Answer answer) {
        wire.upstream.reset();
        wire.upstream.answer(answer);
        return ImageWire.failure(() -> draw(FOX));
    }

    @Test
    void nothing_is_configured_without_a_key() {
        assertThat(of(wire.http, name -> null)).isEmpty();
        assertThat(of(wire.http, name -> " ")).isEmpty();
        assertThat(of(wire.http, Map.of(prefix() + "_BASE_URL", "https://x.example")::get))
                .isEmpty();
        assertThat(of(wire.http, Map.of(prefix() + "_API_KEY", "k ")::get).map(Provider::id))
                .contains(id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x.example", "https://user:secret@x.example", "https://x.example?secret", "secret"})
    void address_that_is_none_stops_the_start_by_its_name(String address) {
        assertThatThrownBy(
                        () -> of(wire.http, Map.of(prefix() + "_API_KEY", "k", prefix() + "_BASE_URL", address)::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(prefix() + "_BASE_URL")
                .hasMessageNotContaining("secret");
    }

    @Test
    void key_that_cannot_be_a_header_stops_the_start_by_its_name() {
        assertThatThrownBy(() -> of(wire.http, Map.of(prefix() + "_API_KEY", "secret\nX: y")::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(prefix() + "_API_KEY")
                .hasMessageNotContaining("secret");
    }

    @Test
    void key_is_not_told() {
        assertThat(provider().toString()).doesNotContain(ImageWire.KEY);
        String quoting = "{\"message\":\"No access with Bearer " + ImageWire.KEY + "\"}";
        assertThat(answered(Answer.json(403, quoting)).getMessage()).doesNotContain(ImageWire.KEY);
    }

    @Test
    void as_many_pictures_as_asked_for() throws Exception {
        wire.upstream.answerAll(this::well);
        Images images = draw("{\"prompt\":\"a fox\",\"n\":8,\"quality\":\"standard\",\"style\":\"vivid\"}");
        assertThat(images.pictures()).hasSize(8).allSatisfy(picture -> {
            assertThat(picture.media().bytes()).isEqualTo(ImageWire.PNG.bytes());
            assertThat(picture.media().type()).isEqualTo("image/png");
        });
    }

    @Test
    void one_failure_of_several_is_one_of_all() {
        wire.upstream.answer(Answer.json(500, "{}"));
        wire.upstream.answerAll(this::well);
        assertThat(ImageWire.failure(() -> draw("{\"prompt\":\"a fox\",\"n\":8}"))
                        .kind())
                .isEqualTo(Kind.FAILED);
    }

    @Test
    void edit_without_a_picture_is_a_mistake_of_ours() {
        assertThatThrownBy(() -> provider().edit(ImageWire.call(model()), ImageWire.image(FOX)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, REJECTED",
        "401, UNAUTHORIZED",
        "402, QUOTA_EXHAUSTED",
        "403, UNAUTHORIZED",
        "404, MODEL_GONE",
        "408, TIMED_OUT",
        "422, REJECTED",
        "500, FAILED",
        "502, FAILED",
        "503, OVERLOADED"
    })
    void status_tells_what_went_wrong(int status, Kind kind) {
        assertThat(answered(Answer.json(status, "{\"message\":\"m\"}")).kind()).isEqualTo(kind);
    }

    @Test
    void rate_limit_says_how_long() {
        UpstreamException failure = answered(Answer.json(429, Map.of("Retry-After", "7"), "{\"message\":\"m\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>busy</html>", "", "7", "[]", "null", "{}", "{\"data\":[", "{\"data\":{}}"})
    void what_is_no_answer_is_malformed(String body) {
        assertThat(answered(Answer.json(200, body)).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(answered(Answer.whole(200, Map.of("Content-Type", "text/html"), body))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void answer_that_is_cut_off_is_none() {
        assertThat(answered(Answer.cut(5, Answer.json(200, "{\"data\":[]}"))).kind())
                .isEqualTo(Kind.UNREACHABLE);
        assertThat(answered(Answer.hangUp()).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void silence_ends_with_the_time_of_the_call() {
        wire.upstream.answer(Answer.stall());
        UpstreamCall brief = ImageWire.call(model(), Duration.ofMillis(400));
        assertThat(ImageWire.failure(() -> provider().draw(brief, ImageWire.image(FOX)))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
    }

    @Test
    void stop_closes_the_connection() throws Exception {
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = ImageWire.call(model());
        assertThat(wire.stopped(call, 1, () -> provider().draw(call, ImageWire.image(FOX)))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hd", "low", "high", "of-tomorrow"})
    void quality_is_refused_before_anything_is_sent(String quality) {
        String json = "{\"prompt\":\"a fox\",\"quality\":\"" + quality + "\"}";
        UpstreamException failure = ImageWire.failure(() -> draw(json));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo("quality");
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    /** Asserts that the gateway alone decides on a field. */
    protected final void assertOwned(String field) {
        String json = "{\"prompt\":\"a fox\",\"providerOptions\":{\"" + id() + "\":{\"" + field + "\":\"surprise\"}}}";
        UpstreamException failure = ImageWire.failure(() -> draw(json));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions." + id() + "." + field);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    /** Asserts that something is refused before anything is sent. */
    protected final void assertUnsupported(UpstreamException failure, String param) {
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }
}
