package io.synapse.gateway.providers.deepgram;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.HttpSpeechProviderContract;
import io.synapse.gateway.testkit.HttpTranscriptionProviderContract;
import io.synapse.gateway.testkit.SpeechFeature;
import io.synapse.gateway.testkit.TranscriptionFeature;
import io.synapse.gateway.testkit.UsageTold;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Spoken;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

class DeepgramContractTest {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    private static DeepgramProvider provider(URI upstream) {
        Map<String, String> settings =
                Map.of("DEEPGRAM_API_KEY", "dg-test-0123456789", "DEEPGRAM_BASE_URL", upstream.toString());
        return DeepgramProvider.of(HTTP, settings::get).orElseThrow();
    }

    @Nested
    class Speech extends HttpSpeechProviderContract {
        @Override
        protected SpeechProvider providerAt(URI upstream) {
            return provider(upstream);
        }

        @Override
        protected UpstreamFormat<Spoken> format() {
            return (request, spoken) -> Answer.sound(spoken);
        }

        @Override
        protected String upstreamModel() {
            return "aura-2-thalia-en";
        }

        @Override
        protected Set<SpeechFeature> features() {
            return EnumSet.complementOf(EnumSet.of(SpeechFeature.INSTRUCTIONS));
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
            return provider(upstream);
        }

        @Override
        protected UpstreamFormat<Transcript> format() {
            return (request, transcript) -> {
                List<Map<String, Object>> words = transcript.words().stream()
                        .map(word -> Map.<String, Object>of(
                                "word", word.text(),
                                "start", word.startMillis() / 1000.0,
                                "end", word.endMillis() / 1000.0))
                        .toList();
                Map<String, Object> json = new LinkedHashMap<>();
                json.put(
                        "results",
                        Map.of(
                                "channels",
                                List.of(Map.of(
                                        "alternatives",
                                        List.of(Map.of("transcript", transcript.text(), "words", words))))));
                if (transcript.usage() != null) {
                    long millis =
                            transcript.usage().quantities().values().iterator().next();
                    json.put("metadata", Map.of("duration", millis / 1000.0));
                }
                return Answer.json(200, PlainJson.write(json));
            };
        }

        @Override
        protected String upstreamModel() {
            return "nova-3";
        }

        @Override
        protected Set<TranscriptionFeature> features() {
            return EnumSet.of(
                    TranscriptionFeature.LANGUAGE, TranscriptionFeature.WORD_TIMES, TranscriptionFeature.SEGMENT_TIMES);
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.ABOVE_ZERO;
        }
    }
}
