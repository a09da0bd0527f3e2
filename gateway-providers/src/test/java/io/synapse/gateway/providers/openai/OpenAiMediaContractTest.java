package io.synapse.gateway.providers.openai;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.EmbeddingFeature;
import io.synapse.gateway.testkit.HttpEmbeddingProviderContract;
import io.synapse.gateway.testkit.HttpImageEditProviderContract;
import io.synapse.gateway.testkit.HttpImageProviderContract;
import io.synapse.gateway.testkit.HttpSpeechProviderContract;
import io.synapse.gateway.testkit.HttpTranscriptionProviderContract;
import io.synapse.gateway.testkit.ImageFeature;
import io.synapse.gateway.testkit.TranscriptionFeature;
import io.synapse.gateway.testkit.UsageTold;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import io.synapse.gateway.testkit.fake.Spoken;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** The contracts of everything beside chat, in OpenAI's format. */
class OpenAiMediaContractTest {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    private static <T> T provider(URI upstream, Class<T> capability) {
        Map<String, String> settings =
                Map.of("OPENAI_API_KEY", "sk-test-0123456789", "OPENAI_BASE_URL", upstream + "/v1");
        return capability.cast(OpenAiPreset.OPENAI.provider(HTTP, settings::get).orElseThrow());
    }

    private static Answer images(Request request, Images images) {
        List<Map<String, String>> data = images.pictures().stream()
                .map(picture -> Map.of(
                        "b64_json",
                        Base64.getEncoder().encodeToString(picture.media().bytes())))
                .toList();
        return Answer.json(200, PlainJson.write(Map.of("created", 1_795_000_000, "data", data)));
    }

    @Nested
    class Pictures extends HttpImageProviderContract {
        @Override
        protected ImageProvider providerAt(URI upstream) {
            return provider(upstream, ImageProvider.class);
        }

        @Override
        protected UpstreamFormat<Images> format() {
            return OpenAiMediaContractTest::images;
        }

        @Override
        protected String upstreamModel() {
            return "dall-e-3";
        }

        @Override
        protected Set<ImageFeature> features() {
            return EnumSet.complementOf(EnumSet.of(ImageFeature.NEGATIVE_PROMPT, ImageFeature.MASK));
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.NEVER;
        }
    }

    @Nested
    class Edits extends HttpImageEditProviderContract {
        @Override
        protected ImageEditProvider providerAt(URI upstream) {
            return provider(upstream, ImageEditProvider.class);
        }

        @Override
        protected UpstreamFormat<Images> format() {
            return OpenAiMediaContractTest::images;
        }

        @Override
        protected String upstreamModel() {
            return "gpt-image-1";
        }

        @Override
        protected Set<ImageFeature> features() {
            return EnumSet.complementOf(EnumSet.of(ImageFeature.NEGATIVE_PROMPT, ImageFeature.STYLE));
        }

        @Override
        protected Set<ImageFeature> hints() {
            return EnumSet.of(ImageFeature.STYLE);
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.NEVER;
        }
    }

    @Nested
    class Speech extends HttpSpeechProviderContract {
        @Override
        protected SpeechProvider providerAt(URI upstream) {
            return provider(upstream, SpeechProvider.class);
        }

        @Override
        protected UpstreamFormat<Spoken> format() {
            return (request, spoken) -> Answer.sound(spoken);
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.NEVER;
        }
    }

    @Nested
    class Transcripts extends HttpTranscriptionProviderContract {
        @Override
        protected TranscriptionProvider providerAt(URI upstream) {
            return provider(upstream, TranscriptionProvider.class);
        }

        @Override
        protected String upstreamModel() {
            return "whisper-1";
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.ABOVE_ZERO;
        }

        @Override
        protected UpstreamFormat<Transcript> format() {
            return (request, transcript) -> {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("text", transcript.text());
                json.put("segments", parts(transcript.segments(), "text"));
                json.put("words", parts(transcript.words(), "word"));
                if (transcript.usage() != null) {
                    json.put("duration", told(transcript.usage()) / 1000.0);
                }
                return Answer.json(200, PlainJson.write(json));
            };
        }

        private static List<Map<String, Object>> parts(List<Transcript.Part> parts, String text) {
            return parts.stream()
                    .map(part -> Map.<String, Object>of(
                            "start", part.startMillis() / 1000.0, "end", part.endMillis() / 1000.0, text, part.text()))
                    .toList();
        }
    }

    @Nested
    class TranscriptsWithoutTimes extends Transcripts {
        @Override
        protected String upstreamModel() {
            return "gpt-4o-transcribe";
        }

        @Override
        protected Set<TranscriptionFeature> features() {
            return EnumSet.complementOf(
                    EnumSet.of(TranscriptionFeature.WORD_TIMES, TranscriptionFeature.SEGMENT_TIMES));
        }
    }

    @Nested
    class Vectors extends HttpEmbeddingProviderContract {
        @Override
        protected EmbeddingProvider providerAt(URI upstream) {
            return provider(upstream, EmbeddingProvider.class);
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.ABOVE_ZERO;
        }

        @Override
        protected UpstreamFormat<Embeddings> format() {
            return (request, embeddings) -> {
                List<Map<String, Object>> data = new ArrayList<>();
                for (float[] vector : embeddings.vectors()) {
                    ByteBuffer bytes =
                            ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(vector);
                    data.add(Map.of(
                            "index",
                            data.size(),
                            "embedding",
                            Base64.getEncoder().encodeToString(bytes.array())));
                }
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("data", data);
                if (embeddings.usage() != null) {
                    json.put("usage", Map.of("prompt_tokens", told(embeddings.usage())));
                }
                return Answer.json(200, PlainJson.write(json));
            };
        }

        @Override
        protected Set<EmbeddingFeature> features() {
            return EnumSet.allOf(EmbeddingFeature.class);
        }
    }

    private static long told(Usage usage) {
        return usage.quantities().values().iterator().next();
    }
}
