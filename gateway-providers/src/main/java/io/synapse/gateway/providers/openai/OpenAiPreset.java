package io.synapse.gateway.providers.openai;

import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamSettings;
import io.synapse.gateway.providers.openai.OpenAiDialect.ModelRule;
import io.synapse.gateway.providers.openai.OpenAiDialect.Refusal;
import io.synapse.gateway.providers.openai.OpenAiProviders.Everything;
import io.synapse.gateway.providers.openai.OpenAiProviders.WithEmbeddings;
import io.synapse.gateway.providers.openai.OpenAiProviders.WithPictures;
import io.synapse.gateway.providers.openai.OpenAiProviders.WithSound;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams known to speak OpenAI's format: where they are, how they are configured, and how they deviate.
 *
 * <p>A preset with the prefix {@code GROQ} is configured by {@code GROQ_API_KEY} and, if need be,
 * {@code GROQ_BASE_URL}; a local server by its {@code …_BASE_URL} alone.
 */
public enum OpenAiPreset {
    /** OpenAI itself. */
    OPENAI("https://api.openai.com/v1", Access.KEY, openai(), new Routes(MediaDialect.OPENAI, Everything::new)),
    /** Groq. */
    GROQ("https://api.groq.com/openai/v1", Access.KEY, groq(), new Routes(MediaDialect.GROQ, WithSound::new)),
    /** Together. */
    TOGETHER(
            "https://api.together.ai/v1",
            Access.KEY,
            OpenAiDialect.builder().drop("store", "metadata", "service_tier").build(),
            new Routes(MediaDialect.TOGETHER, WithPictures::new)),
    /** OpenRouter. */
    OPENROUTER(
            "https://openrouter.ai/api/v1",
            Access.KEY,
            openRouter(),
            new Routes(MediaDialect.FLOATS, WithEmbeddings::new)),
    /** Mistral. */
    MISTRAL("https://api.mistral.ai/v1", Access.KEY, mistral(), new Routes(MediaDialect.MISTRAL, WithEmbeddings::new)),
    /** DeepSeek. */
    DEEPSEEK("https://api.deepseek.com", Access.KEY, deepSeek(), Routes.CHAT),
    /** xAI. */
    XAI("https://api.x.ai/v1", Access.KEY, xai(), Routes.CHAT),
    /** Fireworks. */
    FIREWORKS(
            "https://api.fireworks.ai/inference/v1",
            Access.KEY,
            OpenAiDialect.builder().drop("store", "metadata", "service_tier").build(),
            new Routes(MediaDialect.FLOATS, WithEmbeddings::new)),
    /** Ollama, on a machine of one's own. */
    OLLAMA("http://localhost:11434/v1", Access.LOCAL, ollama(), new Routes(MediaDialect.OLLAMA, WithEmbeddings::new)),
    /** vLLM, on a machine of one's own. */
    VLLM("http://localhost:8000/v1", Access.LOCAL, vllm(), new Routes(MediaDialect.OPENAI, WithEmbeddings::new)),
    /** llama.cpp's server, on a machine of one's own. */
    LLAMACPP(
            "http://localhost:8080/v1", Access.LOCAL, llamaCpp(), new Routes(MediaDialect.OPENAI, WithEmbeddings::new));

    private enum Access {
        /** Nothing works without a key. */
        KEY,
        /** Configured by its address; a key is possible. */
        LOCAL
    }

    /**
     * Which routes it has, and how they deviate.
     *
     * @param dialect how those beside chat deviate
     * @param maker makes a provider that implements as much
     */
    private record Routes(MediaDialect dialect, Maker maker) {
        static final Routes CHAT =
                new Routes(MediaDialect.OPENAI, (endpoint, chat, media) -> new OpenAiProvider(endpoint, chat));
    }

    private interface Maker {
        OpenAiProvider make(Endpoint endpoint, OpenAiDialect chat, MediaDialect media);
    }

    private static final String ONE_AT_A_TIME = "Send one request for each answer.";
    private static final String ELSEWHERE = "Leave it out, or choose a model of another provider.";
    private static final String UNREASONED =
            "Leave it out, choose another model, or send 'reasoning_effort': 'none' if this one takes it.";

    private final URI baseUri;
    private final Access access;
    /** Immutable, though the checker of enums cannot see it. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final OpenAiDialect dialect;
    /** Immutable, likewise. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Routes routes;

    OpenAiPreset(String baseUri, Access access, OpenAiDialect dialect, Routes routes) {
        this.baseUri = URI.create(baseUri);
        this.access = access;
        this.dialect = dialect;
        this.routes = routes;
    }

    /** The name that catalog routes use: {@code openai}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the names of its settings begin with: {@code OPENAI}. */
    public String settingPrefix() {
        return name();
    }

    /** Where it is, unless a setting says otherwise. */
    public URI baseUri() {
        return baseUri;
    }

    /** How its chat deviates. */
    public OpenAiDialect dialect() {
        return dialect;
    }

    /**
     * The provider, if the settings configure it. It serves chat, and whatever else it implements.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name ({@code OPENAI_API_KEY}), or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public Optional<OpenAiProvider> provider(UpstreamHttp http, Function<String, @Nullable String> settings) {
        String key = UpstreamSettings.credential(settings, name() + "_API_KEY");
        boolean addressed = UpstreamSettings.text(settings, name() + "_BASE_URL") != null;
        if (access == Access.KEY ? key == null : !addressed) {
            return Optional.empty();
        }
        URI base = withPath(UpstreamSettings.base(settings, name() + "_BASE_URL", baseUri.toString()));
        Endpoint endpoint = OpenAiProvider.endpoint(http, id(), base, key, dialect);
        return Optional.of(routes.maker().make(endpoint, dialect, routes.dialect()));
    }

    private URI withPath(URI uri) {
        boolean noPath = uri.getRawPath() == null
                || uri.getRawPath().isEmpty()
                || uri.getRawPath().equals("/");
        // People write the address of a local server as it prints it, without the path of its OpenAI half.
        return access == Access.LOCAL && noPath ? uri.resolve(baseUri.getRawPath()) : uri;
    }

    /** Other tiers of service cost more than the catalog says. */
    private static ModelRule usualPrice() {
        return ModelRule.words(".*", "service_tier", "auto", "default", "flex", "scale");
    }

    private static OpenAiDialect openai() {
        return OpenAiDialect.builder()
                .developerRole()
                .model(usualPrice())
                // Models that reason want the newer name of the bound and are not told how to sample …
                .model(new ModelRule(
                        Pattern.compile("(?:ft:)?(?:o[1-9]|gpt-[5-9]|gpt-[1-9][0-9])(?!.*chat).*"),
                        "max_completion_tokens",
                        List.of(
                                new Refusal("temperature", 1, UNREASONED),
                                new Refusal("top_p", 1, UNREASONED),
                                new Refusal("presence_penalty", 0, UNREASONED),
                                new Refusal("frequency_penalty", 0, UNREASONED)),
                        false,
                        Map.of()))
                .model(new ModelRule(
                        Pattern.compile("(?:ft:)?(?:gpt-[5-9]|gpt-[1-9][0-9]).*chat.*"),
                        "max_completion_tokens",
                        List.of(),
                        false,
                        Map.of()))
                // … nor, since o3, where to stop …
                .model(new ModelRule(
                        Pattern.compile("(?:ft:)?(?:o3(?!-mini)|o[4-9]|gpt-[5-9]|gpt-[1-9][0-9])(?!.*chat).*"),
                        null,
                        List.of(new Refusal("stop", null, UNREASONED)),
                        false,
                        Map.of()))
                // … and these do not call functions while they reason.
                .model(new ModelRule(
                        Pattern.compile("(?:ft:)?gpt-(?:5\\.[6-9]|5\\.[1-9][0-9]|[6-9]|[1-9][0-9]).*"),
                        null,
                        List.of(),
                        true,
                        Map.of()))
                .build();
    }

    private static OpenAiDialect groq() {
        return OpenAiDialect.builder()
                .outputBound("max_completion_tokens")
                .billsAfterCancel()
                .usageIn("x_groq")
                .drop("store", "metadata")
                .dropFromMessages("name")
                .refuse("n", 1, ONE_AT_A_TIME)
                .refuse("logprobs", false, ELSEWHERE)
                .refuse("top_logprobs", 0, ELSEWHERE)
                .refuse("logit_bias", null, ELSEWHERE)
                // In its schema, and of no effect with any of its models.
                .refuse("presence_penalty", 0, ELSEWHERE)
                .refuse("frequency_penalty", 0, ELSEWHERE)
                .model(ModelRule.words("openai/gpt-oss-.*", "reasoning_effort", "low", "medium", "high"))
                .build();
    }

    private static OpenAiDialect openRouter() {
        // Lists of models to fall back to would be billed as the one that was asked for.
        // Whether it stops the bill of a cancelled answer depends on who serves the model, which is for OpenRouter to
        // choose.
        return OpenAiDialect.builder()
                .billsAfterCancel()
                .refuse("models", null, "Name one model in 'model'.")
                .refuse("route", null, "Name one model in 'model'.")
                .model(usualPrice())
                .build();
    }

    private static OpenAiDialect mistral() {
        return OpenAiDialect.builder()
                .usageUnasked()
                .billsAfterCancel()
                .shortToolCallIds()
                .rename("seed", "random_seed")
                .replace("tool_choice", "required", "any")
                .drop("user", "store", "metadata", "service_tier", "safety_identifier", "verbosity")
                .drop("prompt_cache_key", "prompt_cache_retention", "prompt_cache_options")
                .dropFromMessages("name", "refusal", "annotations", "audio", "function_call")
                .refuse("logprobs", false, ELSEWHERE)
                .refuse("top_logprobs", 0, ELSEWHERE)
                .refuse("logit_bias", null, ELSEWHERE)
                .textAlone(ELSEWHERE)
                .build();
    }

    private static OpenAiDialect deepSeek() {
        return OpenAiDialect.builder()
                .drop("store", "metadata", "service_tier")
                .refuse("n", 1, ONE_AT_A_TIME)
                .finish("insufficient_system_resource", Finish.OVERLOADED)
                .build();
    }

    private static OpenAiDialect xai() {
        return OpenAiDialect.builder()
                .outputBound("max_completion_tokens")
                .drop("store", "metadata", "service_tier")
                .model(new ModelRule(
                        Pattern.compile("grok-(?:3-mini|code|[4-9]|[1-9][0-9])(?!.*non-reasoning).*"),
                        null,
                        List.of(
                                new Refusal("presence_penalty", 0, ELSEWHERE),
                                new Refusal("frequency_penalty", 0, ELSEWHERE),
                                new Refusal("stop", null, ELSEWHERE)),
                        false,
                        Map.of()))
                .build();
    }

    private static OpenAiDialect ollama() {
        return OpenAiDialect.builder()
                .noImageUrls()
                .drop("user", "store", "metadata", "service_tier")
                .refuse("n", 1, ONE_AT_A_TIME)
                .refuse("logit_bias", null, ELSEWHERE)
                .refuse("tool_choice", "auto", ELSEWHERE)
                .refuse("parallel_tool_calls", true, ELSEWHERE)
                .textAlone(ELSEWHERE)
                .build();
    }

    private static OpenAiDialect vllm() {
        // These servers fetch the URLs of pictures themselves, within the operator's network.
        return OpenAiDialect.builder()
                .noImageUrls()
                .refuse("best_of", 1, "Use 'n'.")
                .refuse("use_beam_search", false, ELSEWHERE)
                .build();
    }

    private static OpenAiDialect llamaCpp() {
        return OpenAiDialect.builder()
                .noImageUrls()
                .refuse("n_cmpl", 1, "Use 'n'.")
                .build();
    }
}
