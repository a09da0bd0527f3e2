package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiPresetTest {
    private final UpstreamHttp http = new UpstreamHttp();
    private final FakeUpstream upstream = new FakeUpstream();

    @AfterEach
    void close() {
        http.close();
        upstream.close();
    }

    @ParameterizedTest
    @EnumSource(OpenAiPreset.class)
    void nothing_is_configured_by_itself(OpenAiPreset preset) {
        assertThat(preset.provider(http, name -> null)).isEmpty();
        assertThat(preset.provider(http, name -> " ")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(OpenAiPreset.class)
    void key_and_address_configure_each(OpenAiPreset preset) throws Exception {
        Map<String, String> settings = Map.of(
                preset.settingPrefix() + "_API_KEY",
                "the-key ",
                preset.settingPrefix() + "_BASE_URL",
                upstream.uri() + "/v1");
        Optional<OpenAiProvider> provider = preset.provider(http, settings::get);
        assertThat(provider).map(OpenAiProvider::id).contains(preset.id());
        upstream.answer(Answer.json(200, Wire.COMPLETION));
        provider.orElseThrow().chat(Wire.call(), ChatRequest.of("m", "Hello"));
        assertThat(upstream.lastRequest().path()).isEqualTo("/v1/chat/completions");
        assertThat(upstream.lastRequest().header("Authorization")).isEqualTo("Bearer the-key");
    }

    @ParameterizedTest
    @CsvSource({"OLLAMA", "VLLM", "LLAMACPP"})
    void local_server_needs_its_address_alone_and_not_even_the_path(OpenAiPreset preset) throws Exception {
        for (String address : new String[] {"", "/", "/v1", "/v1/"}) {
            upstream.answer(Answer.json(200, Wire.COMPLETION));
            preset.provider(http, Map.of(preset.settingPrefix() + "_BASE_URL", upstream.uri() + address)::get)
                    .orElseThrow()
                    .chat(Wire.call(), ChatRequest.of("m", "Hello"));
            assertThat(upstream.lastRequest().path()).isEqualTo("/v1/chat/completions");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8000",
                "ftp://x.example",
                "https://user:secret@x.example/v1",
                "https://x.example/v1?key=secret",
                "not a url",
                "https:///v1"
            })
    void address_that_is_none_stops_the_start_by_its_name(String address) {
        assertThatThrownBy(() -> OpenAiPreset.OPENAI.provider(
                        http, Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", address)::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OPENAI_BASE_URL")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, EmbeddingProvider ImageProvider ImageEditProvider SpeechProvider TranscriptionProvider",
        "GROQ, SpeechProvider TranscriptionProvider",
        "TOGETHER, EmbeddingProvider ImageProvider ImageEditProvider",
        "OPENROUTER, EmbeddingProvider",
        "MISTRAL, EmbeddingProvider",
        "DEEPSEEK, ''",
        "XAI, ''",
        "FIREWORKS, EmbeddingProvider",
        "OLLAMA, EmbeddingProvider",
        "VLLM, EmbeddingProvider",
        "LLAMACPP, EmbeddingProvider"
    })
    void each_implements_what_its_upstream_has_routes_for(OpenAiPreset preset, String beside) {
        Provider provider = preset.provider(
                        http,
                        Map.of(
                                preset.settingPrefix() + "_API_KEY",
                                "k",
                                preset.settingPrefix() + "_BASE_URL",
                                "http://127.0.0.1")::get)
                .orElseThrow();
        String capabilities = Stream.of(
                        ChatProvider.class,
                        EmbeddingProvider.class,
                        ImageProvider.class,
                        ImageEditProvider.class,
                        SpeechProvider.class,
                        TranscriptionProvider.class,
                        VideoProvider.class)
                .filter(capability -> capability.isInstance(provider))
                .map(Class::getSimpleName)
                .collect(Collectors.joining(" "));
        assertThat(capabilities).isEqualTo(("ChatProvider " + beside).strip());
    }

    @Test
    void key_that_cannot_be_a_header_stops_the_start_by_its_name() {
        assertThatThrownBy(() -> OpenAiPreset.GROQ.provider(http, Map.of("GROQ_API_KEY", "secret\nX: y")::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GROQ_API_KEY")
                .hasMessageNotContaining("secret");
    }

    @Test
    void key_is_not_told() {
        assertThat(OpenAiPreset.GROQ
                        .provider(http, Map.of("GROQ_API_KEY", "secret")::get)
                        .orElseThrow())
                .hasToString("OpenAiProvider[groq]");
    }
}
