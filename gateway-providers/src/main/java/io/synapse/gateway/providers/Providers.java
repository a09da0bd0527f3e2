package io.synapse.gateway.providers;

import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.providers.anthropic.AnthropicProvider;
import io.synapse.gateway.providers.ark.ArkProvider;
import io.synapse.gateway.providers.bfl.BflProvider;
import io.synapse.gateway.providers.cloudflare.CloudflareProvider;
import io.synapse.gateway.providers.deepgram.DeepgramProvider;
import io.synapse.gateway.providers.elevenlabs.ElevenLabsProvider;
import io.synapse.gateway.providers.fal.FalProvider;
import io.synapse.gateway.providers.gemini.GeminiProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.huggingface.HuggingFaceProvider;
import io.synapse.gateway.providers.openai.OpenAiDialect;
import io.synapse.gateway.providers.openai.OpenAiPreset;
import io.synapse.gateway.providers.openai.OpenAiProvider;
import io.synapse.gateway.providers.recraft.RecraftProvider;
import io.synapse.gateway.providers.replicate.ReplicateProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every adapter of this module, as the settings configure them. */
public final class Providers {
    private Providers() {}

    /** Makes a provider of the settings that concern it; nothing where they hold no credentials for it. */
    @FunctionalInterface
    private interface Maker {
        Optional<? extends Provider> make(UpstreamHttp http, Function<String, @Nullable String> settings);
    }

    /**
     * The providers that have credentials.
     *
     * @param http the client that they share; it stays the caller's to close
     * @param settings a setting by its name, such as {@code OPENAI_API_KEY} or {@code OLLAMA_BASE_URL}; null if not set
     * @throws IllegalArgumentException if a setting is ill-formed; the message names it
     */
    public static List<Provider> configured(UpstreamHttp http, Function<String, @Nullable String> settings) {
        List<Provider> configured = new ArrayList<>();
        for (Maker maker : makers()) {
            maker.make(http, settings).ifPresent(configured::add);
        }
        return configured;
    }

    /** Every provider that there is an adapter for, without credentials: to tell what each can do, not to be asked. */
    public static List<Provider> known(UpstreamHttp http) {
        return configured(http, name -> name.endsWith("_BASE_URL") ? "http://127.0.0.1:9" : "none");
    }

    /** The ids of all {@link #known} providers: what a catalog may name, whether they have credentials here or not. */
    public static Set<String> ids(UpstreamHttp http) {
        return known(http).stream().map(Provider::id).collect(Collectors.toUnmodifiableSet());
    }

    private static List<Maker> makers() {
        List<Maker> makers = new ArrayList<>();
        for (OpenAiPreset preset : OpenAiPreset.values()) {
            makers.add(preset::provider);
        }
        makers.add(ArkProvider::of);
        makers.add(BflProvider::of);
        makers.add(RecraftProvider::of);
        makers.add(GeminiProvider::of);
        makers.add(Providers::cloudflare);
        makers.add(HuggingFaceProvider::of);
        makers.add(AnthropicProvider::of);
        makers.add(ElevenLabsProvider::of);
        makers.add(DeepgramProvider::of);
        makers.add(FalProvider::of);
        makers.add(ReplicateProvider::of);
        return makers;
    }

    /** Workers AI speaks OpenAI's format for chat, and a format of its own for the rest. */
    private static Optional<CloudflareProvider> cloudflare(
            UpstreamHttp http, Function<String, @Nullable String> settings) {
        return CloudflareProvider.of(
                http, settings, endpoint -> new OpenAiProvider(endpoint, OpenAiDialect.CLOUDFLARE));
    }
}
