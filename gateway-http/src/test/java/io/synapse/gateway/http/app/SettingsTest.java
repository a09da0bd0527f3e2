package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Credits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path directory;

    private Settings read(Map<String, String> environment) {
        return Settings.read(environment, directory);
    }

    @Test
    void defaults() {
        Settings settings = read(Map.of());
        assertThat(settings)
                .isEqualTo(new Settings(
                        "127.0.0.1",
                        8080,
                        null,
                        null,
                        null,
                        directory.resolve("data"),
                        directory.resolve("data/media"),
                        null,
                        null,
                        null,
                        60,
                        500,
                        false,
                        Credits.of(1000),
                        "operator@localhost",
                        null,
                        null,
                        null,
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(45),
                        Duration.ofSeconds(20),
                        4_096,
                        true,
                        true,
                        Map.of(),
                        Map.of()));
    }

    @Test
    void every_setting_is_read() throws IOException {
        Path catalog = Files.writeString(directory.resolve("my.yaml"), "models: []");
        Path plugins = Files.createDirectory(directory.resolve("more"));
        Settings settings = read(Map.ofEntries(
                Map.entry("SYNAPSE_HOST", "0.0.0.0"),
                Map.entry("SYNAPSE_PORT", "9000"),
                Map.entry("SYNAPSE_DATABASE_URL", "jdbc:postgresql://db/synapse"),
                Map.entry("SYNAPSE_DATABASE_USER", "me"),
                Map.entry("SYNAPSE_DATABASE_PASSWORD", "secret"),
                Map.entry("SYNAPSE_DATA_DIR", "elsewhere"),
                Map.entry("SYNAPSE_PLUGINS_DIR", "more"),
                Map.entry("SYNAPSE_CATALOG", "my.yaml"),
                Map.entry("SYNAPSE_PUBLIC_URL", "https://ai.example.com"),
                Map.entry("SYNAPSE_REQUESTS_PER_MINUTE", "600"),
                Map.entry("SYNAPSE_CONCURRENT_REQUESTS", "50"),
                Map.entry("SYNAPSE_STARTER_CREDITS", "12.5"),
                Map.entry("SYNAPSE_ADMIN_EMAIL", "me@example.com"),
                Map.entry("SYNAPSE_ADMIN_PASSWORD", "correct horse"),
                Map.entry("SYNAPSE_BOOTSTRAP_KEY", "mmg_live_" + "a".repeat(30)),
                Map.entry("SYNAPSE_BOOTSTRAP_TEST_KEY", "mmg_test_" + "b".repeat(30)),
                Map.entry("SYNAPSE_UPSTREAM_TIMEOUT_SECONDS", "30"),
                Map.entry("SYNAPSE_HOLD_LEASE_SECONDS", "10"),
                Map.entry("SYNAPSE_SEND_TIMEOUT_SECONDS", "5"),
                Map.entry("SYNAPSE_CONNECTIONS", "800"),
                Map.entry("SYNAPSE_ALLOW_IMAGE_FETCH", "false"),
                Map.entry("SYNAPSE_ALLOW_SIGNUP", "false"),
                Map.entry("GROQ_API_KEY", "gsk"),
                Map.entry("GROQ_BASE_URL", "http://127.0.0.1:1/v1"),
                Map.entry("SYNAPSE_ACME_TOKEN", "hunter2"),
                Map.entry("PATH", "/bin")));
        assertThat(settings)
                .isEqualTo(new Settings(
                        "0.0.0.0",
                        9000,
                        "jdbc:postgresql://db/synapse",
                        "me",
                        "secret",
                        directory.resolve("elsewhere"),
                        directory.resolve("elsewhere/media"),
                        plugins,
                        catalog,
                        URI.create("https://ai.example.com"),
                        600,
                        50,
                        true,
                        Credits.parse("12.5"),
                        "me@example.com",
                        "correct horse",
                        "mmg_live_" + "a".repeat(30),
                        "mmg_test_" + "b".repeat(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        800,
                        false,
                        false,
                        Map.of("GROQ_API_KEY", "gsk", "GROQ_BASE_URL", "http://127.0.0.1:1/v1"),
                        Map.of("SYNAPSE_ACME_TOKEN", "hunter2")));
        assertThat(settings.toString()).doesNotContain("secret", "correct horse", "mmg_", "gsk", "hunter2");
    }

    @Test
    void the_file_is_read_and_the_environment_wins() throws IOException {
        Files.writeString(
                directory.resolve("synapse.yaml"), "SYNAPSE_PORT: 9001\nSYNAPSE_HOST: 0.0.0.0\nOPENAI_API_KEY: sk\n");
        Settings settings = read(Map.of("SYNAPSE_PORT", "9002"));
        assertThat(settings.port()).isEqualTo(9002);
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.providers()).containsEntry("OPENAI_API_KEY", "sk");
        Files.move(directory.resolve("synapse.yaml"), directory.resolve("other.yaml"));
        assertThat(read(Map.of("SYNAPSE_CONFIG", "other.yaml")).port()).isEqualTo(9001);
    }

    @ParameterizedTest
    @CsvSource({
        "SYNAPSE_PORT, eighty",
        "SYNAPSE_PORT, 65536",
        "SYNAPSE_REQUESTS_PER_MINUTE, 0",
        "SYNAPSE_STARTER_CREDITS, -1",
        "SYNAPSE_DATABASE_URL, mysql://x",
        "SYNAPSE_PLUGINS_DIR, missing",
        "SYNAPSE_CATALOG, missing.yaml",
        "SYNAPSE_CONFIG, missing.yaml",
        "SYNAPSE_PUBLIC_URL, ftp://x",
        "SYNAPSE_BOOTSTRAP_KEY, mmg_live_tooshort",
        "SYNAPSE_BOOTSTRAP_TEST_KEY, mmg_live_0123456789abcdefghijklmnopqrstuv",
        "SYNAPSE_UPSTREAM_TIMEOUT_SECONDS, 0",
        "SYNAPSE_ALLOW_SIGNUP, yes",
        "GROQ_BASE_URL, not a url",
    })
    void a_wrong_setting_is_named_and_its_value_is_not_repeated(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(name);
    }

    @Test
    void a_secret_never_shows_in_a_message() {
        assertThatThrownBy(() -> read(Map.of("SYNAPSE_BOOTSTRAP_KEY", "hunter2")))
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void plugins_are_looked_for_beside_the_file_if_there_is_a_folder() throws IOException {
        Path plugins = Files.createDirectory(directory.resolve("plugins"));
        assertThat(read(Map.of()).pluginsDir()).isEqualTo(plugins);
    }

    @Test
    void what_may_be_a_plugins_setting_is_told_apart_by_whoever_knows_the_plugins() throws IOException {
        Files.writeString(directory.resolve("synapse.yaml"), "SYNAPSE_ACME_TOKEN: hunter2\nSYNAPSE_PROT: 80\n");
        Settings settings = read(Map.of("SYNAPSE_ACME_TOKEN", "hunter3"));
        assertThat(settings.others()).isEqualTo(Map.of("SYNAPSE_ACME_TOKEN", "hunter3", "SYNAPSE_PROT", "80"));
        assertThatThrownBy(() -> Plugins.load(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("SYNAPSE_ACME_TOKEN is no setting of the gateway, nor of a plugin.")
                .hasMessageContaining("SYNAPSE_PORT")
                .hasMessageNotContaining("hunter");
    }

    @Test
    void an_unknown_name_in_the_file_is_refused() throws IOException {
        Files.writeString(directory.resolve("synapse.yaml"), "PROT: 80\n");
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining("PROT");
        Files.writeString(directory.resolve("synapse.yaml"), "a: [1\n");
        assertThatThrownBy(() -> read(Map.of())).isInstanceOf(SettingsException.class);
    }
}
