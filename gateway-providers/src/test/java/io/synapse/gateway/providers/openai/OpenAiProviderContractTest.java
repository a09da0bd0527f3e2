package io.synapse.gateway.providers.openai;

import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.Feature;
import io.synapse.gateway.testkit.HttpChatProviderContract;
import io.synapse.gateway.testkit.fake.ChatFormat;
import io.synapse.gateway.testkit.fake.OpenAiFormat;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** The contract, for the plain dialect and for those that cannot do everything. */
class OpenAiProviderContractTest {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    abstract static class Contract extends HttpChatProviderContract {
        private final OpenAiDialect dialect;
        private final Set<Feature> missing;

        Contract(OpenAiDialect dialect, Set<Feature> missing) {
            this.dialect = dialect;
            this.missing = missing;
        }

        @Override
        protected ChatFormat format() {
            return new OpenAiFormat();
        }

        @Override
        protected ChatProvider providerAt(URI upstream) {
            return new OpenAiProvider(HTTP, "under-test", upstream, "sk-test-0123456789", dialect);
        }

        @Override
        protected Set<Feature> features() {
            Set<Feature> features = EnumSet.allOf(Feature.class);
            features.removeAll(missing);
            return features;
        }
    }

    @Nested
    class Plain extends Contract {
        Plain() {
            super(OpenAiDialect.PLAIN, Set.of());
        }
    }

    @Nested
    class OpenAi extends Contract {
        OpenAi() {
            super(OpenAiPreset.OPENAI.dialect(), Set.of());
        }
    }

    @Nested
    class Groq extends Contract {
        Groq() {
            super(OpenAiPreset.GROQ.dialect(), Set.of(Feature.SEVERAL_CHOICES, Feature.LOGPROBS, Feature.LOGIT_BIAS));
        }
    }

    @Nested
    class Mistral extends Contract {
        Mistral() {
            super(OpenAiPreset.MISTRAL.dialect(), Set.of(Feature.LOGPROBS, Feature.LOGIT_BIAS));
        }
    }

    @Nested
    class Ollama extends Contract {
        Ollama() {
            super(
                    OpenAiPreset.OLLAMA.dialect(),
                    Set.of(Feature.SEVERAL_CHOICES, Feature.LOGIT_BIAS, Feature.IMAGE_URLS));
        }
    }
}
