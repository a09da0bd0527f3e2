package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.Admission;
import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.GatewayListener;
import io.synapse.gateway.Receipt;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The modalities beside chat on the road: each is charged what its price list makes of its usage, a failure nothing. */
class MediaEngineTest {
    private static final Media PICTURE = new Media(new byte[] {1}, "image/png");

    private final List<GatewayListener.Call> calls = new CopyOnWriteArrayList<>();
    private final Studio studio = new Studio();
    private final CreditLedger ledger = CreditLedger.inMemory(Map.of("acme", Credits.of(100)));
    private final Gateway gateway = Gateway.builder()
            .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
            .catalog(ModelCatalog.of(
                    model("draw", Modality.TEXT_TO_IMAGE, Unit.IMAGES, "3"),
                    model("edit", Modality.IMAGE_TO_IMAGE, Unit.IMAGES, "4"),
                    model("film", Modality.TEXT_TO_VIDEO, Unit.MILLISECONDS, "2"),
                    model("speak", Modality.TEXT_TO_SPEECH, Unit.CHARACTERS, "0.05"),
                    model("write", Modality.SPEECH_TO_TEXT, Unit.MILLISECONDS, "0.5"),
                    model("embed", Modality.EMBEDDINGS, Unit.INPUT_TOKENS, "1000"),
                    Model.builder("flat", Modality.TEXT_TO_IMAGE)
                            .route(new Route("studio", "flat"))
                            .prices(PriceList.perRequest(Credits.of(7)))
                            .build()))
            .ledger(ledger)
            .provider(studio)
            .listener(calls::add)
            .build();

    private final Admission admission = gateway.admit("req-1", "key");

    private static Model model(String id, Modality modality, Unit unit, String price) {
        return Model.builder(id, modality)
                .route(new Route("studio", id))
                .prices(new PriceList(Map.of(unit, PriceList.rate(unit, Credits.parse(price))), "1"))
                .limits(Map.of("max_images", 2L, "max_seconds", 6L, "least_seconds", 10L))
                .build();
    }

    @AfterEach
    void the_books_are_right() {
        gateway.close();
        assertThat(ledger.audit()).isEmpty();
    }

    private void assertPaid(Receipt receipt, String price) {
        assertThat(receipt.charged()).isEqualTo(Credits.parse(price));
        assertThat(receipt.source()).isEqualTo(UsageSource.MEASURED);
        assertThat(ledger.available("acme")).isEqualTo(Credits.of(100).minus(receipt.charged()));
    }

    @Test
    void pictures_are_charged_by_the_picture() {
        ImageRequest two = ImageRequest.of(body("prompt", "x", "model", "draw", "n", 2), null, null);
        assertPaid(gateway.generateImages(admission, two).receipt(), "6");
    }

    @Test
    void a_flat_price_is_charged_once() {
        ImageRequest two = ImageRequest.of(body("prompt", "x", "model", "flat", "n", 2), null, null);
        assertPaid(gateway.generateImages(admission, two).receipt(), "7");
    }

    @Test
    void edits_are_charged_by_the_picture() {
        ImageRequest request = ImageRequest.of(body("prompt", "x", "model", "edit"), PICTURE, null);
        assertPaid(gateway.editImage(admission, request).receipt(), "4");
        assertThatThrownBy(() -> gateway.editImage(admission, ImageRequest.of("edit", "x")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void a_film_is_charged_by_what_it_lasts_not_by_what_was_asked_for() {
        VideoRequest request = VideoRequest.of(body("prompt", "x", "model", "film", "seconds", 6), null);
        assertPaid(gateway.generateVideo(admission, request).receipt(), "3");
    }

    @Test
    void speech_is_charged_by_the_character() {
        Sound sound = new Sound();
        SpeechRequest request = SpeechRequest.of(body("input", "héllo 👋", "model", "speak"));
        assertPaid(gateway.speak(admission, request, sound).receipt(), "0.35");
        assertThat(sound.type).isEqualTo("audio/wav");
        assertThat(sound.bytes).isEqualTo(3);
    }

    @Test
    void speech_that_the_upstream_breaks_off_costs_nothing() {
        studio.breaks = true;
        SpeechRequest request = SpeechRequest.of(body("input", "hello", "model", "speak"));
        GatewayException e =
                catchThrowableOfType(GatewayException.class, () -> gateway.speak(admission, request, new Sound()));
        assertThat(e.error()).isInstanceOf(GatewayError.UpstreamFailed.class);
        assertThat(ledger.available("acme")).isEqualTo(Credits.of(100));
    }

    @Test
    void a_recording_is_charged_by_its_duration_or_the_least_that_is_billed() {
        assertPaid(gateway.transcribe(admission, recording(3_000)).receipt(), "5");
    }

    @Test
    void a_long_recording_is_charged_exactly() {
        assertPaid(gateway.transcribe(admission, recording(61_001)).receipt(), "30.5005");
    }

    @Test
    void every_verb_takes_a_key() {
        gateway.generateImages("key", ImageRequest.of("draw", "x"));
        gateway.editImage("key", ImageRequest.of(body("prompt", "x", "model", "edit"), PICTURE, null));
        gateway.generateVideo("key", VideoRequest.of(body("prompt", "x", "model", "film"), null));
        gateway.speak("key", SpeechRequest.of(body("input", "x", "model", "speak")), new Sound());
        gateway.transcribe("key", recording(1));
        gateway.embed("key", EmbeddingRequest.of("embed", "x"));
        assertThat(calls).hasSize(6).allSatisfy(call -> {
            assertThat(call.error()).isNull();
            assertThat(call.caller()).isEqualTo(Caller.of("acme"));
        });
        for (String nobody : List.of("", "key2")) {
            assertThatThrownBy(() -> gateway.embed(nobody, EmbeddingRequest.of("embed", "x")))
                    .isInstanceOf(GatewayException.class);
        }
        assertThat(calls).hasSize(6);
    }

    private static TranscriptionRequest recording(long millis) {
        return TranscriptionRequest.of(
                body("model", "write"), List.of(), new Media(new byte[] {1}, "audio/wav"), "a.wav", millis);
    }

    @Test
    void embeddings_are_charged_by_the_token() {
        Answered<Embeddings> answered = gateway.embed(admission, EmbeddingRequest.of("embed", "abcdefgh"));
        assertPaid(answered.receipt(), "0.002");
        assertThat(answered.answer().vectors()).hasSize(1);
    }

    @Test
    void what_a_model_cannot_do_is_told_with_its_own_limit() {
        assertThatThrownBy(() -> gateway.generateImages(
                        admission, ImageRequest.of(body("prompt", "x", "model", "draw", "n", 3), null, null)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.param()).isEqualTo("n"))
                .hasMessageContaining("at most 2");
        assertThat(calls.getLast().error()).isInstanceOf(GatewayError.InvalidRequest.class);
        assertThatThrownBy(() -> gateway.generateVideo(
                        admission, VideoRequest.of(body("prompt", "x", "model", "film", "seconds", 7), null)))
                .hasMessageContaining("at most 6");
        assertThatThrownBy(() -> gateway.generateImages(
                        admission,
                        ImageRequest.of(body("prompt", "x", "model", "draw", "size", "2048x256"), null, null)))
                .hasMessageContaining("1536");
        assertThat(ledger.available("acme")).isEqualTo(Credits.of(100));
    }

    @Test
    void a_failure_costs_nothing() {
        studio.fails = true;
        assertThatThrownBy(() -> gateway.generateImages(admission, ImageRequest.of("draw", "x")))
                .isInstanceOf(GatewayException.class);
        assertThatThrownBy(() -> gateway.embed(admission, EmbeddingRequest.of("embed", "x")))
                .isInstanceOf(GatewayException.class);
        assertThatThrownBy(() -> gateway.transcribe(admission, recording(1))).isInstanceOf(GatewayException.class);
        assertThat(ledger.available("acme")).isEqualTo(Credits.of(100));
    }

    private static Map<String, @Nullable Object> body(Object... pairs) {
        Map<String, @Nullable Object> body = new java.util.LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            body.put((String) pairs[i], pairs[i + 1]);
        }
        return body;
    }

    private static final class Sound implements SpeechSink {
        private String type = "";
        private int bytes;

        @Override
        public void begins(String mediaType) {
            type = mediaType;
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            bytes += length;
        }
    }

    /** Does everything but chat, and tells no usage. */
    private static final class Studio
            implements ImageProvider,
                    ImageEditProvider,
                    VideoProvider,
                    SpeechProvider,
                    TranscriptionProvider,
                    EmbeddingProvider {
        private boolean fails;
        private boolean breaks;

        @Override
        public String id() {
            return "studio";
        }

        private void work() throws UpstreamException {
            if (fails) {
                throw new UpstreamException(Kind.FAILED, "failed", null);
            }
        }

        @Override
        public Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
            work();
            return new Images(Collections.nCopies(request.count(), new Images.Picture(PICTURE, null)), null);
        }

        @Override
        public Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
            return draw(call, request);
        }

        @Override
        public Video film(UpstreamCall call, VideoRequest request) {
            return new Video(new Media(new byte[] {1}, "video/mp4"), 1_500, null);
        }

        @Override
        public @Nullable Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink)
                throws UpstreamException {
            sink.begins("audio/wav");
            sink.bytes(new byte[] {1, 2, 3}, 0, 3);
            if (breaks) {
                throw new UpstreamException(Kind.UNREACHABLE, "cut off", null);
            }
            return null;
        }

        @Override
        public Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
            work();
            return new Transcript("said", "en", List.of(), List.of(), Usage.of(Unit.MILLISECONDS, 1));
        }

        @Override
        public Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
            work();
            return new Embeddings(List.of(new float[] {1f}), null);
        }
    }
}
