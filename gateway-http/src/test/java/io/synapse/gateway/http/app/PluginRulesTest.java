package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.http.ServerProcess;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What stops the start: each rule that a plugin can break, told in one line that names the jar. */
class PluginRulesTest {
    private static final String FACTORY = "org.acme.Factory";

    @TempDir
    Path directory;

    private static Plugins load(Path folder, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("SYNAPSE_PLUGINS_DIR", folder.toString());
        return Plugins.load(Settings.read(settings, folder));
    }

    private static final String PROVIDER = """
        package org.acme;
        import io.synapse.gateway.chat.*;
        import io.synapse.gateway.provider.*;
        public class Says implements ChatProvider {
            public String id() { return "acme"; }
            public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) {
                sink.chunk(ChatChunk.text(0, "I am " + getClass().getName()));
                sink.chunk(ChatChunk.ends(0, "stop"));
                return null;
            }
        }
        """;

    /** Does what a file beside it says, so that it is compiled once for all tests. */
    private static final String FACTORY_SOURCE = """
        package org.acme;
        import io.synapse.gateway.provider.*;
        import java.util.*;
        public class Factory implements ProviderFactory {
            private final ResourceBundle says = ResourceBundle.getBundle("says", Locale.ROOT, getClass().getClassLoader());
            public String id() { return says.containsKey("id") ? says.getString("id") : null; }
            public Set<String> settings() {
                return says.containsKey("settings") ? Set.of(says.getString("settings").split(",")) : null;
            }
            public Optional<? extends Provider> create(ProviderSettings settings) {
                return switch (says.getString("create")) {
                    case "null" -> null;
                    case "throw" -> throw new IllegalStateException("first\\nsecond");
                    case "overflow" -> throw new StackOverflowError();
                    case "serve nothing" -> Optional.of((Provider) () -> "acme");
                    case "ask" -> Optional.of(settings.get("REGION")).map(region -> new Says());
                    case "url" -> settings.url("BASE_URL").map(url -> new Says());
                    case "tell" -> throw new IllegalStateException("bad key " + settings.get("API_KEY").get());
                    default -> Optional.of(new Says());
                };
            }
        }
        """;

    private static PluginMaker compiled;

    @BeforeAll
    static void compile() throws IOException {
        compiled = new PluginMaker()
                .classes("org.acme.Says", PROVIDER, FACTORY, FACTORY_SOURCE)
                .factory(FACTORY);
    }

    private static PluginMaker plugin(String... says) {
        return compiled.copy().file("says.properties", String.join("\n", says));
    }

    private static PluginMaker creating(String what) {
        return plugin("id=acme", "settings=API_KEY,BASE_URL", "create=" + what);
    }

    private static PluginMaker good() {
        return creating("all right");
    }

    /** Java class files tell in their seventh and eighth byte for which Java they are. */
    private static byte[] forALaterJava(byte[] type) {
        byte[] later = type.clone();
        later[6] = 0;
        later[7] = 99;
        return later;
    }

    static Stream<Arguments> breaches() {
        String says = "org/acme/Says.class";
        String factory = "org/acme/Factory.class";
        return Stream.of(
                Arguments.of(
                        good().without(PluginMaker.ENTRY), "names no factory of providers; a file META-INF/services/"),
                Arguments.of(good().factory("org.acme.Nowhere"), "Provider org.acme.Nowhere not found"),
                Arguments.of(good().factory("org.acme.Says"), "org.acme.Says not a subtype"),
                Arguments.of(good().factory("not a class"), "its service entry is wrong"),
                Arguments.of(
                        good().file(factory, forALaterJava(good().bytes(factory))),
                        "it is compiled for a newer Java than"),
                Arguments.of(good().without(says), "a class that it needs is missing: org/acme/Says;"),
                Arguments.of(creating("null"), "org.acme.Factory.create returned null"),
                Arguments.of(
                        creating("throw"),
                        "org.acme.Factory.create threw java.lang.IllegalStateException: first second at"
                                + " acme.jar//org.acme.Factory.create(Factory.java:"),
                Arguments.of(creating("overflow"), "create threw java.lang.StackOverflowError"),
                Arguments.of(
                        creating("serve nothing"),
                        "serves nothing: it implements neither ChatProvider nor another interface of a modality"),
                Arguments.of(
                        creating("ask"), "the factory does not name REGION among its settings [API_KEY, BASE_URL]"),
                Arguments.of(creating("url"), "acme.jar: SYNAPSE_ACME_BASE_URL must be an http or https URL."),
                Arguments.of(creating("tell"), "create threw java.lang.IllegalStateException: bad key ***"),
                Arguments.of(
                        plugin("id=other", "settings=API_KEY", "create="),
                        "the provider org.acme.Says has the id 'acme', but its factory says 'other'"),
                Arguments.of(plugin("id=Acme Voice"), "the id 'Acme Voice' of its provider must"),
                Arguments.of(plugin("settings=API_KEY"), "org.acme.Factory.id returned null"),
                Arguments.of(plugin("id=groq", "settings=API_KEY"), "the id 'groq' is taken by the gateway itself"),
                Arguments.of(plugin("id=acme"), "org.acme.Factory.settings returned null"),
                Arguments.of(plugin("id=acme", "settings=api-key"), "the name 'api-key' of a setting must be"),
                Arguments.of(
                        plugin("id=database", "settings=URL"),
                        "the setting SYNAPSE_DATABASE_URL is taken by the gateway"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("breaches")
    void a_broken_plugin_is_refused_by_one_line_that_names_it(PluginMaker plugin, String rule) throws IOException {
        Path jar = plugin.jar(directory.resolve("acme.jar"));
        boolean asked = plugin.text("says.properties").contains("settings=API_KEY,BASE_URL");
        Map<String, String> secrets =
                asked ? Map.of("SYNAPSE_ACME_API_KEY", "hunter2", "SYNAPSE_ACME_BASE_URL", "ftp://hunter2") : Map.of();
        SettingsException refused = catchThrowableOfType(SettingsException.class, () -> {
            try (Plugins plugins = load(directory, secrets)) {
                plugins.create(Set.of("groq"));
            }
        });
        assertThat(refused)
                .hasMessageStartingWith(jar + ": ")
                .hasMessageContaining(rule)
                .hasMessageEndingWith(".")
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void what_is_no_jar_is_refused() throws IOException {
        Path jar = Files.writeString(directory.resolve("acme.jar"), "no jar");
        assertThatThrownBy(() -> load(directory, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(jar + " cannot be read as a jar: ");
        Files.move(jar, directory.resolve("acme.zip"));
        assertThatThrownBy(() -> load(directory, Map.of()))
                .hasMessage(directory.resolve("acme.zip") + " is neither a jar nor a folder of jars.");
        Files.delete(directory.resolve("acme.zip"));
        Path empty = Files.createDirectory(directory.resolve("acme"));
        assertThatThrownBy(() -> load(directory, Map.of())).hasMessage(empty + " holds no jar.");
        Files.delete(empty);
        Files.writeString(directory.resolve(".hidden"), "is left alone");
        load(directory, Map.of()).close();
    }

    @Test
    void the_second_of_two_with_one_id_is_refused() throws IOException {
        Path first = good().jar(directory.resolve("acme-1.jar"));
        Path second = good().jar(directory.resolve("acme-2.jar"));
        assertThatThrownBy(() -> load(directory, Map.of()))
                .hasMessage(second + ": the id 'acme' is taken by " + first + ".");
    }

    @Test
    void one_name_of_a_setting_has_one_owner() throws IOException {
        Path first = plugin("id=acme", "settings=VOICE_KEY").jar(directory.resolve("1.jar"));
        Path second = plugin("id=acme-voice", "settings=KEY").jar(directory.resolve("2.jar"));
        assertThatThrownBy(() -> load(directory, Map.of()))
                .hasMessage(second + ": the setting SYNAPSE_ACME_VOICE_KEY is taken by " + first + ".");
    }

    @Test
    void a_mistyped_setting_is_refused_beside_plugins_too() throws IOException {
        good().jar(directory.resolve("acme.jar"));
        load(directory, Map.of("SYNAPSE_ACME_API_KEY", "x")).close();
        assertThatThrownBy(() -> load(directory, Map.of("SYNAPSE_ACME_API_KYE", "hunter2")))
                .hasMessageStartingWith("SYNAPSE_ACME_API_KYE is no setting of the gateway, nor of a plugin.")
                .hasMessageContaining("SYNAPSE_ACME_API_KEY")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void a_provider_on_the_class_path_is_found_as_well() throws Exception {
        Path jar = good().jar(directory.resolve("elsewhere/acme.jar"));
        Settings settings = Settings.read(Map.of("SYNAPSE_ACME_API_KEY", "x"), directory);
        try (URLClassLoader dependency =
                        new URLClassLoader(new URL[] {jar.toUri().toURL()}, Plugins.class.getClassLoader());
                Plugins plugins = Plugins.load(settings, dependency)) {
            List<Provider> made = plugins.create(Set.of());
            assertThat(made).extracting(Provider::id).containsExactly("acme");
            ChatProvider says = (ChatProvider) made.getFirst();
            UpstreamCall call = new UpstreamCall("1", "x", OptionalLong.empty(), Duration.ofMinutes(1));
            assertThat(says.chat(call, ChatRequest.of("x", "Hello")).text()).isEqualTo("I am org.acme.Says");
        }
    }

    @Test
    void the_process_ends_with_that_line_alone() throws Exception {
        Path plugins = Files.createDirectory(directory.resolve("plugins"));
        Path jar = creating("null").jar(plugins.resolve("acme.jar"));
        try (ServerProcess server = ServerProcess.launch(directory, Map.of())) {
            assertThat(server.awaitExit()).isEqualTo(2);
            assertThat(server.output().lines().filter(line -> !line.equals("Synapse Gateway starts.")))
                    .containsExactly(
                            "synapse-gateway: " + jar.toRealPath() + ": org.acme.Factory.create returned null.");
        }
        assertThat(directory.resolve("data")).as("nothing was begun").doesNotExist();
    }

    @Test
    void plugins_see_the_core_and_the_jdk_and_nothing_else_of_the_server() throws Exception {
        SharedClasses shared = new SharedClasses(Plugins.class.getClassLoader());
        assertThat(shared.loadClass(Provider.class.getName())).isSameAs(Provider.class);
        assertThat(shared.loadClass("java.sql.Connection")).isSameAs(java.sql.Connection.class);
        assertThat(shared.loadClass("org.slf4j.Logger").getClassLoader()).isSameAs(Plugins.class.getClassLoader());
        for (String hidden : List.of(
                "com.fasterxml.jackson.databind.ObjectMapper",
                "io.synapse.gateway.http.app.Main",
                "io.synapse.gateway.billing.Billing",
                "io.synapse.gateway.internal.Uuids",
                "org.slf4j.simple.SimpleLogger")) {
            assertThat(Class.forName(hidden)).isNotNull();
            assertThatThrownBy(() -> shared.loadClass(hidden)).isInstanceOf(ClassNotFoundException.class);
        }
        assertThat(shared.getResource("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                .isNull();
    }

    @Test
    void what_plugins_see_is_what_the_core_exports() throws IOException {
        String descriptor = Files.readString(Path.of("../gateway-core/moditect/module-info.java"));
        Matcher exports = Pattern.compile("exports ([a-z.]+);").matcher(descriptor);
        Set<String> exported = new HashSet<>();
        while (exports.find()) {
            exported.add(exports.group(1));
        }
        assertThat(SharedClasses.PACKAGES.stream().filter(name -> name.startsWith("io.synapse")))
                .containsExactlyInAnyOrderElementsOf(exported);
    }
}
