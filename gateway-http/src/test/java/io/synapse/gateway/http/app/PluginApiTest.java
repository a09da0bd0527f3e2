package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Account.Role;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Providers in jars that the server has never heard of serve its API as its own do. */
class PluginApiTest {
    /** Only its database is used. */
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @TempDir
    static Path directory;

    private static Application application;

    private static final String PROVIDER = """
        package org.acme;
        import com.fasterxml.jackson.databind.ObjectMapper;
        import io.synapse.gateway.chat.*;
        import io.synapse.gateway.credit.*;
        import io.synapse.gateway.media.*;
        import io.synapse.gateway.provider.*;
        import java.io.*;
        import java.nio.charset.StandardCharsets;
        import java.nio.file.*;
        import java.util.concurrent.atomic.AtomicInteger;
        import org.words.Words;

        public final class Voice implements ChatProvider, EmbeddingProvider, AutoCloseable {
            private final AtomicInteger calls = new AtomicInteger();
            private final String id;
            private final ProviderSettings settings;

            Voice(String id, ProviderSettings settings) {
                this.id = id;
                this.settings = settings;
            }

            @Override
            public String id() {
                return id;
            }

            @Override
            public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
                switch (call.model()) {
                    case "throw" -> throw new IllegalStateException("boom");
                    case "fail" -> throw new UpstreamException(UpstreamException.Kind.FAILED, "down", null);
                    case "lack" -> org.acme.Lacking.run();
                    default -> {}
                }
                sink.chunk(ChatChunk.begins(0));
                sink.chunk(ChatChunk.text(0, Words.say() + ", " + settings.get("TONE").orElse("toneless")));
                sink.chunk(ChatChunk.text(0, ", " + new ObjectMapper().version() + ", " + resource()));
                sink.chunk(ChatChunk.text(0, ", call " + calls.incrementAndGet()));
                sink.chunk(ChatChunk.ends(0, "stop"));
                return switch (call.model()) {
                    case "lie" -> ChatUsage.of(Usage.of(Unit.OUTPUT_TOKENS, -1));
                    case "mix" -> ChatUsage.of(Usage.of(Unit.IMAGES, 1));
                    default -> ChatUsage.of(Usage.of(Unit.INPUT_TOKENS, 7, Unit.OUTPUT_TOKENS, 3));
                };
            }

            /** As libraries look for their parts. */
            private static String resource() {
                try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream("part.txt")) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public Embeddings embed(UpstreamCall call, EmbeddingRequest request) {
                return null;
            }

            @Override
            public void close() throws IOException {
                String words = id + " leaves with " + resource() + "\\n";
                Files.writeString(Path.of(settings.get("GOODBYE").orElseThrow()), words, StandardOpenOption.APPEND);
            }
        }
        """;

    private static final String LACKING = "package org.acme; class Lacking { static void run() {} }";

    private static final String FACTORY = """
        package org.acme;
        import io.synapse.gateway.provider.*;
        import java.util.*;
        public final class Factory implements ProviderFactory {
            @Override
            public String id() {
                return ResourceBundle.getBundle("plugin").getString("id");
            }

            @Override
            public Set<String> settings() {
                return Set.of("TONE", "GOODBYE");
            }

            @Override
            public Optional<? extends Provider> create(ProviderSettings settings) {
                return settings.get("TONE").map(tone -> new Voice(id(), settings));
            }
        }
        """;

    private static final String PRICE = "{unit: tokens, input: 100000, output: 200000, valid_from: 2026-01-01}";

    private static final String VECTORS = "{unit: tokens, input: 1000, valid_from: 2026-01-01}";
    private static final String PICTURES = "{unit: images, output: 1, valid_from: 2026-01-01}";

    private static Path goodbye;
    private ApiClient client;

    private static String model(String id, String modality, String provider, String upstream) {
        return "  - {id: " + id + ", modality: " + modality + ", owned_by: acme, routes: [{provider: " + provider
                + ", upstream: " + upstream + "}], pricing: "
                + (modality.equals("text-to-image") ? PICTURES : modality.equals("embeddings") ? VECTORS : PRICE)
                + "}\n";
    }

    /** What plugins have in common with each other, and with the server, by name alone. */
    private static PluginMaker library(String version) throws IOException {
        String words = """
            package org.words;
            public class Words { public static String say() { return "%s"; } }
            """.formatted(version);
        String jackson = """
            package com.fasterxml.jackson.databind;
            public class ObjectMapper { public String version() { return "version %s"; } }
            """.formatted(version);
        return new PluginMaker()
                .classes("org.words.Words", words, "com.fasterxml.jackson.databind.ObjectMapper", jackson);
    }

    @BeforeAll
    static void start() throws Exception {
        Path plugins = Files.createDirectory(directory.resolve("plugins"));
        PluginMaker one = library("one");
        PluginMaker two = library("two");
        PluginMaker code = new PluginMaker()
                .with(one.jar(directory.resolve("library.jar")))
                .classes("org.acme.Voice", PROVIDER, "org.acme.Lacking", LACKING, "org.acme.Factory", FACTORY)
                .without("org/acme/Lacking.class")
                .file("part.txt", "a part")
                .factory("org.acme.Factory");
        // A jar that holds all that it needs, and a folder of jars.
        code.copy().file("plugin.properties", "id=acme-voice").holding(one).jar(plugins.resolve("acme.jar"));
        code.copy().file("plugin.properties", "id=beta").jar(plugins.resolve("beta/plugin.jar"));
        two.jar(plugins.resolve("beta/library.jar"));
        code.copy().file("plugin.properties", "id=mute").holding(two).jar(plugins.resolve("mute.jar"));

        StringBuilder catalog = new StringBuilder("models:\n");
        for (String upstream : List.of("chat", "throw", "fail", "lack", "lie", "mix")) {
            catalog.append(model("acme/" + upstream, "text-generation", "acme-voice", upstream));
        }
        catalog.append(model("acme/vectors", "embeddings", "acme-voice", "vectors"));
        catalog.append(model("beta/chat", "text-generation", "beta", "chat"));
        catalog.append(model("mute/chat", "text-generation", "mute", "chat"));
        Files.writeString(directory.resolve("catalog.yaml"), catalog);
        goodbye = Files.createFile(directory.resolve("goodbye"));
        Files.writeString(
                directory.resolve("synapse.yaml"),
                "SYNAPSE_BETA_TONE: from the file\n" + "SYNAPSE_BETA_GOODBYE: " + goodbye + "\n");
        SERVER.execute("CREATE DATABASE plugins");
        application = Application.start(Settings.read(settings(), directory));
    }

    private static Map<String, String> settings() {
        HikariDataSource shared = (HikariDataSource) SERVER.application().database();
        Map<String, String> settings = new HashMap<>();
        settings.put("SYNAPSE_PORT", "0");
        settings.put("SYNAPSE_DATABASE_URL", shared.getJdbcUrl().replaceFirst("/[^/?]+(?=$|\\?)", "/plugins"));
        settings.put("SYNAPSE_DATABASE_USER", shared.getUsername());
        settings.put("SYNAPSE_DATABASE_PASSWORD", shared.getPassword());
        settings.put("SYNAPSE_CATALOG", "catalog.yaml");
        settings.put("SYNAPSE_ACME_VOICE_TONE", "from the environment");
        settings.put("SYNAPSE_ACME_VOICE_GOODBYE", goodbye.toString());
        return settings;
    }

    @AfterAll
    static void each_provider_is_closed_once() throws IOException {
        application.close();
        assertThat(goodbye).content().isEqualTo("beta leaves with a part\nacme-voice leaves with a part\n");
    }

    @BeforeEach
    void sign_in() {
        client = client(KeyRequest.live("test"));
    }

    private static ApiClient client(KeyRequest request) {
        Account account = application
                .billing()
                .accounts()
                .create(UUID.randomUUID() + "@example.test", "Test", Role.USER, null, Credits.of(10_000));
        URI api = URI.create("http://127.0.0.1:" + application.port() + "/api/v1");
        return new ApiClient(
                api, application.billing().keys().create(account.id(), request).secret(), account.wallet());
    }

    @AfterEach
    void the_books_are_right() throws Exception {
        Await.until("every call is over", () -> application.gateway().inFlight() == 0);
        assertThat(application.billing().ledger().audit()).isEmpty();
    }

    @Test
    void a_whole_answer_is_charged_by_the_catalog() throws Exception {
        Reply reply = client.chat("acme/chat", "");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.firstText()).startsWith("one, from the environment, version one, a part, call ");
        assertThat(reply.json().path("model").asText()).isEqualTo("acme/chat");
        // 7 tokens at 0.1 and 3 at 0.2 credits.
        assertThat(reply.charged()).isEqualTo(Credits.parse("1.3"));
        assertThat(reply.remaining()).isEqualTo(Credits.parse("9998.7"));
        Reply receipt = client.get("/charges/" + reply.header("X-Request-Id"));
        assertThat(receipt.json().path("provider").asText()).isEqualTo("acme-voice");
        assertThat(receipt.json().path("usage_source").asText()).isEqualTo("provider");
    }

    @Test
    void a_stream_is_charged_by_the_catalog() throws Exception {
        Reply reply = client.chat("acme/chat", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.events().getLast()).isEqualTo("[DONE]");
        assertThat(reply.text()).contains("from the environment").contains("\"credits_charged\":1.3");
        assertThat(application.billing().ledger().available(client.wallet())).isEqualTo(Credits.parse("9998.7"));
    }

    @Test
    void plugins_that_share_the_names_of_classes_do_not_meet() throws Exception {
        assertThat(client.chat("acme/chat", "").firstText())
                .startsWith("one, from the environment, version one, a part");
        assertThat(client.chat("beta/chat", "").firstText()).startsWith("two, from the file, version two, a part");
    }

    @Test
    void two_equal_calls_with_one_idempotency_key_reach_the_plugin_once() throws Exception {
        Reply first = named("once");
        Reply again = named("once");
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.charged()).isEqualTo(Credits.ZERO);
        assertThat(count(named("another"))).isEqualTo(count(first) + 1);
    }

    private Reply named(String key) throws Exception {
        return client.send(client.request("/chat/completions")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body("acme/chat", ""))));
    }

    private static int count(Reply reply) {
        String text = reply.firstText();
        return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
    }

    @Test
    void rate_limits_hold() throws Exception {
        ApiClient limited = client(new KeyRequest("two a minute", null, false, null, 2));
        assertThat(limited.chat("acme/chat", "").status()).isEqualTo(200);
        assertThat(limited.chat("acme/chat", "").status()).isEqualTo(200);
        Reply third = limited.chat("acme/chat", "");
        assertThat(third.status()).isEqualTo(429);
        assertThat(third.error().path("type").asText()).isEqualTo("rate_limited");
    }

    @Test
    void test_keys_are_answered_by_the_sandbox() throws Exception {
        Reply reply = client(KeyRequest.test("test")).chat("acme/chat", "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.firstText()).contains("sandbox");
    }

    @Test
    void a_plugin_without_credentials_is_not_configured() throws Exception {
        Reply reply = client.chat("mute/chat", "");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.error().path("type").asText()).isEqualTo("provider_not_configured");
    }

    @ParameterizedTest
    @CsvSource({"throw, 500", "fail, 502", "lack, 500", "mix, 500", "lie, 500"})
    void a_provider_that_breaks_is_an_error_in_the_envelope_and_costs_nothing(String how, int status) throws Exception {
        nothingIsPaidFor(client.chat("acme/" + how, ""), status);
    }

    @Test
    void so_is_one_that_answers_with_nothing() throws Exception {
        nothingIsPaidFor(client.post("/embeddings", "{\"model\":\"acme/vectors\",\"input\":\"Hello\"}"), 500);
    }

    private void nothingIsPaidFor(Reply reply, int status) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.error().path("message").asText()).isNotEmpty().doesNotContain("boom");
        assertThat(reply.error().path("type").asText()).isEqualTo(status == 500 ? "internal_error" : "provider_error");
        assertThat(application.billing().ledger().available(client.wallet())).isEqualTo(Credits.of(10_000));
    }

    @Test
    void operators_see_which_providers_are_plugins() throws Exception {
        Account account = application
                .billing()
                .accounts()
                .create(AccountClient.newEmail(), "", Role.OPERATOR, AccountClient.PASSWORD, Credits.ZERO);
        AccountClient nobody = AccountClient.nobody(client.api().resolve("/"));
        AccountClient operator =
                nobody.bearing(nobody.post("/api/account/login", AccountClient.credentials(account.email())));
        JsonNode providers = operator.get("/api/admin/providers").json().path("data");
        assertThat(StreamSupport.stream(providers.spliterator(), false)
                        .filter(provider -> provider.path("plugin").asBoolean())
                        .map(provider -> provider.path("id").asText() + " "
                                + provider.path("configured").asBoolean() + " "
                                + provider.path("models").asInt()))
                .containsExactly("acme-voice true 7", "beta true 1", "mute false 1");
        assertThat(providers).anySatisfy(provider -> {
            assertThat(provider.path("id").asText()).isEqualTo("groq");
            assertThat(provider.path("plugin").asBoolean()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "text-to-image, acme-voice, the provider 'acme-voice' does not serve text-to-image",
        "text-generation, acme, there is no provider 'acme'; there are acme-voice",
    })
    void the_catalog_is_checked_against_plugins_too(String modality, String provider, String problem) throws Exception {
        Path catalog = Files.writeString(
                directory.resolve("wrong.yaml"), "models:\n" + model("wrong", modality, provider, "x"));
        Map<String, String> settings = settings();
        settings.put("SYNAPSE_CATALOG", catalog.toString());
        settings.put("SYNAPSE_ACME_VOICE_GOODBYE", directory.resolve("unread").toString());
        settings.put("SYNAPSE_BETA_GOODBYE", directory.resolve("unread").toString());
        Files.writeString(directory.resolve("unread"), "");
        assertThatThrownBy(() -> Application.start(Settings.read(settings, directory)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("SYNAPSE_CATALOG: " + catalog + ": model wrong: " + problem);
    }
}
