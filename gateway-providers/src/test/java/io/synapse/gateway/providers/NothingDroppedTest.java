package io.synapse.gateway.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.MediaCalls;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an upstream has no word for is refused by the field's name, and nothing is sent: one line for each field that an
 * adapter neither passes on nor does itself. Hints ({@code style}, {@code user}) are the exception.
 */
@Timeout(60)
class NothingDroppedTest {
    private static final FakeUpstream UPSTREAM = new FakeUpstream();
    private static final UpstreamHttp HTTP = new UpstreamHttp();
    private static final Map<String, Provider> PROVIDERS = new LinkedHashMap<>();

    @BeforeAll
    static void configure() {
        String base = UPSTREAM.uri() + "/v1";
        Providers.configured(HTTP, name -> name.endsWith("_BASE_URL") ? base : "none")
                .forEach(provider -> PROVIDERS.put(provider.id(), provider));
    }

    @AfterAll
    static void close() {
        HTTP.close();
        UPSTREAM.close();
    }

    private static <T> T provider(String id, Class<T> capability) {
        return capability.cast(PROVIDERS.get(id));
    }

    private static UpstreamCall call(String model) {
        return MediaCalls.call(model);
    }

    private static void assertRefused(String field, ThrowingCallable work) {
        UpstreamException failure = catchThrowableOfType(UpstreamException.class, work);
        assertThat(failure).as("nothing was refused").isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo(field);
        assertThat(UPSTREAM.requests()).isEmpty();
    }

    private static final String NEGATIVE = "\"negative_prompt\":\"dogs\"";
    private static final String QUALITY = "\"quality\":\"hd\"";
    private static final String SEED = "\"seed\":7";
    private static final String WEBP = "\"output_format\":\"webp\"";
    private static final String JPEG = "\"output_format\":\"jpeg\"";

    static Stream<Arguments> pictures() {
        return Stream.of(
                arguments("openai", "gpt-image-2", NEGATIVE),
                arguments("openai", "gpt-image-2", SEED),
                arguments("together", "black-forest-labs/FLUX.1-kontext-pro", QUALITY),
                arguments("together", "black-forest-labs/FLUX.1-kontext-pro", WEBP),
                arguments("ark", "seedream-4-0-250828", QUALITY),
                arguments("ark", "seedream-4-0-250828", NEGATIVE),
                arguments("ark", "seedream-4-0-250828", SEED),
                arguments("ark", "seedream-4-0-250828", JPEG),
                arguments("bfl", "flux-kontext-pro", QUALITY),
                arguments("bfl", "flux-kontext-pro", NEGATIVE),
                arguments("bfl", "flux-kontext-pro", WEBP),
                arguments("recraft", "recraftv3", QUALITY),
                arguments("recraft", "recraftv4", NEGATIVE),
                arguments("recraft", "recraftv3", SEED),
                arguments("recraft", "recraftv3", JPEG),
                arguments("gemini", "gemini-3.1-flash-image", QUALITY),
                arguments("gemini", "gemini-3.1-flash-image", NEGATIVE),
                arguments("gemini", "gemini-3.1-flash-image", JPEG),
                arguments("fal", "fal-ai/flux-pro/kontext", QUALITY),
                arguments("fal", "fal-ai/flux-pro/kontext", NEGATIVE),
                arguments("fal", "fal-ai/flux-pro/kontext", WEBP),
                arguments("fal", "fal-ai/recraft/v3/image-to-image", SEED),
                arguments("replicate", "black-forest-labs/flux-kontext-pro", QUALITY),
                arguments("replicate", "black-forest-labs/flux-kontext-pro", NEGATIVE),
                arguments("replicate", "black-forest-labs/flux-kontext-pro", WEBP),
                arguments("replicate", "bytedance/seedream-4", SEED));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("pictures")
    void of_a_drawing_and_of_an_edit(String id, String model, String field) {
        Map<String, Object> body = PlainJson.object("{\"prompt\":\"a fox\"," + field + "}");
        String name = field.substring(1, field.indexOf('"', 1));
        ImageRequest drawing = ImageRequest.of(body, null, null);
        ImageRequest edit = ImageRequest.of(body, MediaCalls.PNG, null);
        if (!model.equals("fal-ai/recraft/v3/image-to-image")) {
            assertRefused(name, () -> provider(id, ImageProvider.class).draw(call(model), drawing));
        }
        assertRefused(name, () -> provider(id, ImageEditProvider.class).edit(call(model), edit));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "cloudflare, @cf/black-forest-labs/flux-1-schnell, negative_prompt",
        "cloudflare, @cf/black-forest-labs/flux-1-schnell, seed",
        "cloudflare, @cf/black-forest-labs/flux-1-schnell, quality",
        "cloudflare, @cf/stabilityai/stable-diffusion-xl-base-1.0, quality",
        "cloudflare, @cf/stabilityai/stable-diffusion-xl-base-1.0, output_format",
        "openai, dall-e-3, output_format",
        "huggingface, hf-inference/models/x, quality",
        "huggingface, hf-inference/models/x, output_format"
    })
    void of_a_drawing_alone(String id, String model, String field) {
        String all = "{\"prompt\":\"a"
                + " fox\",\"negative_prompt\":\"dogs\",\"seed\":7,\"quality\":\"hd\",\"output_format\":\"png\"}";
        Map<String, Object> body = new LinkedHashMap<>(PlainJson.object(all));
        body.keySet().removeIf(name -> !name.equals("prompt") && !name.equals(field));
        assertRefused(
                field, () -> provider(id, ImageProvider.class).draw(call(model), ImageRequest.of(body, null, null)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "together, black-forest-labs/FLUX.1-kontext-pro",
        "ark, seedream-4-0-250828",
        "bfl, flux-kontext-pro",
        "recraft, recraftv4",
        "gemini, gemini-3.1-flash-image",
        "fal, fal-ai/flux-pro/kontext",
        "replicate, black-forest-labs/flux-kontext-pro"
    })
    void of_an_edit_within_a_mask(String id, String model) {
        ImageRequest masked = ImageRequest.of(Map.of("prompt", "snow"), MediaCalls.PNG, MediaCalls.PNG);
        assertRefused("mask", () -> provider(id, ImageEditProvider.class).edit(call(model), masked));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "fal, fal-ai/ltx-video, seconds, 5",
        "fal, fal-ai/ltx-video, size, '\"1280x720\"'",
        "fal, fal-ai/ltx-2.3/text-to-video/fast, seed, 7",
        "fal, fal-ai/ltx-2.3/text-to-video/fast, negative_prompt, '\"dogs\"'",
        "replicate, lightricks/ltx-video, size, '\"1280x720\"'",
        "gemini, veo-3.1-generate-preview, size, '\"640x480\"'",
        "gemini, veo-3.1-generate-preview, seconds, 5"
    })
    void of_a_film(String id, String model, String field, String value) {
        VideoRequest request =
                VideoRequest.of(PlainJson.object("{\"prompt\":\"a fox\",\"" + field + "\":" + value + "}"), null);
        assertRefused(field, () -> provider(id, VideoProvider.class).film(call(model), request));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "groq, canopylabs/orpheus-v1-english, instructions, '\"softly\"'",
        "groq, canopylabs/orpheus-v1-english, response_format, '\"mp3\"'",
        "groq, canopylabs/orpheus-arabic-saudi, response_format, '\"flac\"'",
        "groq, playai-tts, response_format, '\"opus\"'",
        "groq, playai-tts, response_format, '\"aac\"'",
        "groq, playai-tts, response_format, '\"pcm\"'",
        "openai, tts-1, instructions, '\"softly\"'",
        "openai, tts-1-hd, instructions, '\"softly\"'",
        "elevenlabs, eleven_flash_v2_5, instructions, '\"softly\"'",
        "elevenlabs, eleven_flash_v2_5, speed, 3",
        "elevenlabs, eleven_flash_v2_5, response_format, '\"flac\"'",
        "deepgram, aura-2-thalia-en, instructions, '\"softly\"'",
        "gemini, gemini-3.8-flash-tts, speed, 2",
        "gemini, gemini-3.8-flash-tts, response_format, '\"mp3\"'"
    })
    void of_a_speech(String id, String model, String field, String value) {
        SpeechRequest request =
                SpeechRequest.of(PlainJson.object("{\"input\":\"Hello\",\"" + field + "\":" + value + "}"));
        assertRefused(field, () -> provider(id, SpeechProvider.class).speak(call(model), request, new SilentSink()));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "openai, gpt-4o-transcribe, response_format, srt",
        "elevenlabs, scribe_v2, prompt, Synapse",
        "deepgram, nova-3, prompt, Synapse",
        "deepgram, nova-3, temperature, 0.5",
        "cloudflare, @cf/openai/whisper, language, en",
        "cloudflare, @cf/openai/whisper, prompt, Synapse",
        "cloudflare, @cf/openai/whisper, temperature, 0.5",
        "huggingface, openai/whisper-large-v3, language, en",
        "huggingface, openai/whisper-large-v3, prompt, Synapse",
        "huggingface, openai/whisper-large-v3, temperature, 0.5"
    })
    void of_a_transcript(String id, String model, String field, String value) {
        assertRefused(
                field,
                () -> provider(id, TranscriptionProvider.class)
                        .transcribe(call(model), MediaCalls.transcription(Map.of(field, value))));
    }

    @Test
    void of_the_times_of_words() {
        assertRefused(
                "timestamp_granularities[]",
                () -> provider("huggingface", TranscriptionProvider.class)
                        .transcribe(
                                call("openai/whisper-large-v3"),
                                MediaCalls.transcription(Map.of("response_format", "verbose_json"), "word")));
    }

    @ParameterizedTest(name = "{0} {2}")
    @CsvSource({
        "cloudflare, @cf/baai/bge-base-en-v1.5, dimensions",
        "cloudflare, @cf/baai/bge-base-en-v1.5, input",
        "huggingface, x, dimensions",
        "huggingface, x, input",
        "gemini, gemini-embedding-001, input",
        "mistral, mistral-embed, input",
        "ollama, x, input"
    })
    void of_vectors(String id, String model, String field) {
        String json = field.equals("input") ? "{\"input\":[1,2]}" : "{\"input\":\"a\",\"dimensions\":256}";
        assertRefused(
                field,
                () -> provider(id, EmbeddingProvider.class)
                        .embed(call(model), EmbeddingRequest.of(PlainJson.object(json))));
    }

    /** Every adapter of pictures stands in the table of those that refuse something. */
    @Test
    void no_adapter_is_left_out() {
        List<String> drawing = PROVIDERS.values().stream()
                .filter(ImageProvider.class::isInstance)
                .map(Provider::id)
                .toList();
        assertThat(Stream.concat(pictures().map(each -> each.get()[0]), Stream.of("cloudflare", "huggingface")))
                .as("providers with a line for pictures")
                .containsAll(drawing);
    }

    private static final class SilentSink implements SpeechSink {
        @Override
        public void begins(String type) {
            throw new AssertionError("there is sound");
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            throw new AssertionError("there is sound");
        }
    }
}
