package io.synapse.gateway.http.app;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.identity.ApiKey;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The server's settings: environment variables, or the same names in {@code synapse.yaml}; the environment wins. A name
 * that nobody knows, or a value that makes no sense, is refused with one line. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any that is free
 * @param databaseUrl a JDBC URL, or null for the embedded database
 * @param databaseUser who logs in there, or null
 * @param databasePassword with which password, or null
 * @param dataDir where the server keeps its files
 * @param mediaDir where generated media and large kept answers are; several nodes share one
 * @param pluginsDir where jars with providers are looked for, or null if there are none
 * @param catalog a catalog file that adds to the shipped one, or null
 * @param publicUrl how the server is reached from outside, or null to tell it from the request
 * @param requestsPerMinute a key's rate limit unless it has its own
 * @param concurrentRequests how many requests a key may have running at once
 * @param sharedLimits whether rate limits are kept in the database, exact over several nodes; a database of one's own has
 *     several perhaps, the embedded one never
 * @param starterCredits what a new account gets
 * @param adminEmail the operator's e-mail address
 * @param adminPassword the operator's first password, or null for a generated one
 * @param bootstrapKey a live key that the operator's account gets, or null
 * @param bootstrapTestKey a test key that the operator's account gets, or null
 * @param upstreamTimeout how long an upstream may take
 * @param holdLease how long holds and idempotency keys outlive the death of their server
 * @param sendTimeout how long a caller may take nothing of a stream that waits for him
 * @param connections how many connections the server has open at once
 * @param allowImageFetch whether pictures are fetched from URLs that callers name
 * @param allowSignup whether strangers may sign up
 * @param providers the settings of upstreams: {@code OPENAI_API_KEY}, {@code OLLAMA_BASE_URL}, …
 * @param others what else begins with {@code SYNAPSE_}: settings of plugins, if {@link Plugins} knows them
 */
record Settings(
        String host,
        int port,
        @Nullable String databaseUrl,
        @Nullable String databaseUser,
        @Nullable String databasePassword,
        Path dataDir,
        Path mediaDir,
        @Nullable Path pluginsDir,
        @Nullable Path catalog,
        @Nullable URI publicUrl,
        int requestsPerMinute,
        int concurrentRequests,
        boolean sharedLimits,
        Credits starterCredits,
        String adminEmail,
        @Nullable String adminPassword,
        @Nullable String bootstrapKey,
        @Nullable String bootstrapTestKey,
        Duration upstreamTimeout,
        Duration holdLease,
        Duration sendTimeout,
        int connections,
        boolean allowImageFetch,
        boolean allowSignup,
        Map<String, String> providers,
        Map<String, String> others) {
    private static final String OWN = "SYNAPSE_";
    private static final String DEFAULT_FILE = "synapse.yaml";
    private static final String DEFAULT_PLUGINS = "plugins";
    private static final int SHORTEST_BOOTSTRAP_KEY = 32;

    /** Every setting of the server's own. */
    static final Set<String> NAMES = Set.of(
            "SYNAPSE_HOST",
            "SYNAPSE_PORT",
            "SYNAPSE_DATABASE_URL",
            "SYNAPSE_DATABASE_USER",
            "SYNAPSE_DATABASE_PASSWORD",
            "SYNAPSE_DATA_DIR",
            "SYNAPSE_MEDIA_DIR",
            "SYNAPSE_PLUGINS_DIR",
            "SYNAPSE_CATALOG",
            "SYNAPSE_PUBLIC_URL",
            "SYNAPSE_REQUESTS_PER_MINUTE",
            "SYNAPSE_CONCURRENT_REQUESTS",
            "SYNAPSE_SHARED_LIMITS",
            "SYNAPSE_STARTER_CREDITS",
            "SYNAPSE_ADMIN_EMAIL",
            "SYNAPSE_ADMIN_PASSWORD",
            "SYNAPSE_BOOTSTRAP_KEY",
            "SYNAPSE_BOOTSTRAP_TEST_KEY",
            "SYNAPSE_UPSTREAM_TIMEOUT_SECONDS",
            "SYNAPSE_HOLD_LEASE_SECONDS",
            "SYNAPSE_SEND_TIMEOUT_SECONDS",
            "SYNAPSE_CONNECTIONS",
            "SYNAPSE_ALLOW_IMAGE_FETCH",
            "SYNAPSE_ALLOW_SIGNUP",
            "SYNAPSE_CONFIG");

    /** The upstreams that take {@code …_API_KEY} and {@code …_BASE_URL}. */
    static final List<String> PROVIDER_PREFIXES = List.of(
            "OPENAI",
            "GROQ",
            "GEMINI",
            "ANTHROPIC",
            "TOGETHER",
            "OPENROUTER",
            "MISTRAL",
            "DEEPSEEK",
            "XAI",
            "FIREWORKS",
            "RECRAFT",
            "ARK",
            "BFL",
            "ELEVENLABS",
            "DEEPGRAM");

    private static final Set<String> PROVIDER_NAMES = providerNames();

    Settings {
        providers = Map.copyOf(providers);
        others = Map.copyOf(others);
    }

    private static Set<String> providerNames() {
        Set<String> names = new TreeSet<>(Set.of(
                "CLOUDFLARE_API_TOKEN",
                "CLOUDFLARE_ACCOUNT_ID",
                "CLOUDFLARE_BASE_URL",
                "FAL_KEY",
                "FAL_BASE_URL",
                "REPLICATE_API_TOKEN",
                "REPLICATE_BASE_URL",
                "HF_TOKEN",
                "HF_BASE_URL",
                "OLLAMA_BASE_URL",
                "VLLM_API_KEY",
                "VLLM_BASE_URL",
                "LLAMACPP_API_KEY",
                "LLAMACPP_BASE_URL"));
        for (String prefix : PROVIDER_PREFIXES) {
            names.add(prefix + "_API_KEY");
            names.add(prefix + "_BASE_URL");
        }
        return names;
    }

    /**
     * Reads the settings.
     *
     * @param environment the process's environment
     * @param workingDir where relative paths start, and where {@code synapse.yaml} is looked for
     * @throws SettingsException naming the first setting that is ill-formed, or unknown though it cannot be a plugin's
     */
    static Settings read(Map<String, String> environment, Path workingDir) {
        Map<String, String> values = new LinkedHashMap<>(fromFile(environment, workingDir));
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith(OWN) || PROVIDER_NAMES.contains(name)) {
                values.put(name, value);
            }
        });
        values.values().removeIf(String::isBlank);
        return new Reader(values, workingDir).settings();
    }

    private static Map<String, String> fromFile(Map<String, String> environment, Path workingDir) {
        String named = environment.get("SYNAPSE_CONFIG");
        Path file = workingDir.resolve(named == null || named.isBlank() ? DEFAULT_FILE : named);
        if (!Files.exists(file)) {
            if (named != null && !named.isBlank()) {
                throw new SettingsException("SYNAPSE_CONFIG names " + file + ", which does not exist.");
            }
            return Map.of();
        }
        Map<String, String> values = new LinkedHashMap<>();
        try {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            if (document == null) {
                return Map.of();
            }
            if (!(document instanceof Map<?, ?> map)) {
                throw new SettingsException(file + " must hold lines of the form NAME: value.");
            }
            map.forEach((key, value) -> {
                String name = String.valueOf(key);
                if (!name.startsWith(OWN) && !PROVIDER_NAMES.contains(name)) {
                    throw new SettingsException(name + " in " + file + " is no setting of the gateway.");
                }
                values.put(name, value == null ? "" : value.toString());
            });
        } catch (IOException | YAMLException e) {
            throw new SettingsException(file + " cannot be read as YAML: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return values;
    }

    /**
     * How long an upstream may take for a call that its caller gave an idempotency key: it goes on where nobody waits any
     * more, for whoever asks again.
     */
    Duration backgroundTimeout() {
        return upstreamTimeout.multipliedBy(3);
    }

    /** The names and values as they may be shown: every secret is masked. */
    @Override
    public String toString() {
        return "Settings[host=" + host + ", port=" + port + ", database="
                + (databaseUrl == null ? "embedded" : "external") + ", dataDir=" + dataDir + ", providers="
                + new TreeSet<>(providers.keySet()) + "]";
    }

    /** Turns texts into settings. */
    private record Reader(Map<String, String> values, Path workingDir) {
        Settings settings() {
            Path dataDir = workingDir.resolve(text("SYNAPSE_DATA_DIR", "data")).normalize();
            return new Settings(
                    text("SYNAPSE_HOST", "127.0.0.1"),
                    (int) number("SYNAPSE_PORT", 8080, 0, 65_535),
                    checked("SYNAPSE_DATABASE_URL", "a URL such as jdbc:postgresql://host:5432/name", v -> {
                        if (!v.startsWith("jdbc:postgresql:")) {
                            throw new IllegalArgumentException();
                        }
                        return v;
                    }),
                    values.get("SYNAPSE_DATABASE_USER"),
                    values.get("SYNAPSE_DATABASE_PASSWORD"),
                    dataDir,
                    workingDir
                            .resolve(text(
                                    "SYNAPSE_MEDIA_DIR",
                                    dataDir.resolve("media").toString()))
                            .normalize(),
                    pluginsDir(),
                    checked("SYNAPSE_CATALOG", "the path of a file that exists", v -> {
                        Path file = workingDir.resolve(v).normalize();
                        if (!Files.isRegularFile(file)) {
                            throw new IllegalArgumentException();
                        }
                        return file;
                    }),
                    url("SYNAPSE_PUBLIC_URL"),
                    (int) number("SYNAPSE_REQUESTS_PER_MINUTE", 60, 1, 1_000_000),
                    (int) number("SYNAPSE_CONCURRENT_REQUESTS", 500, 1, 100_000),
                    flag("SYNAPSE_SHARED_LIMITS", values.get("SYNAPSE_DATABASE_URL") != null),
                    credits("SYNAPSE_STARTER_CREDITS", Credits.of(1000)),
                    text("SYNAPSE_ADMIN_EMAIL", "operator@localhost"),
                    values.get("SYNAPSE_ADMIN_PASSWORD"),
                    key("SYNAPSE_BOOTSTRAP_KEY", false),
                    key("SYNAPSE_BOOTSTRAP_TEST_KEY", true),
                    Duration.ofSeconds(number("SYNAPSE_UPSTREAM_TIMEOUT_SECONDS", 300, 1, 3600)),
                    Duration.ofSeconds(number("SYNAPSE_HOLD_LEASE_SECONDS", 45, 5, 600)),
                    Duration.ofSeconds(number("SYNAPSE_SEND_TIMEOUT_SECONDS", 20, 1, 30)),
                    (int) number("SYNAPSE_CONNECTIONS", 4_096, 8, 1_000_000),
                    flag("SYNAPSE_ALLOW_IMAGE_FETCH", true),
                    flag("SYNAPSE_ALLOW_SIGNUP", true),
                    providers(),
                    others());
        }

        private String text(String name, String otherwise) {
            return values.getOrDefault(name, otherwise).trim();
        }

        private long number(String name, long otherwise, long least, long most) {
            Long value = checked(name, "a whole number from " + least + " to " + most, v -> {
                long number = Long.parseLong(v);
                if (number < least || number > most) {
                    throw new IllegalArgumentException();
                }
                return number;
            });
            return value == null ? otherwise : value;
        }

        private Credits credits(String name, Credits otherwise) {
            Credits value = checked(name, "an amount of credits such as 1000 or 12.5", Credits::parse);
            return value == null ? otherwise : value;
        }

        private boolean flag(String name, boolean otherwise) {
            Boolean value = checked(name, "true or false", v -> switch (v) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException();
            });
            return value == null ? otherwise : value;
        }

        private @Nullable String key(String name, boolean test) {
            String prefix = ApiKey.prefix(test, true);
            return checked(
                    name, prefix + " and letters or digits, " + SHORTEST_BOOTSTRAP_KEY + " characters or more", v -> {
                        if (!v.startsWith(prefix) || v.length() < SHORTEST_BOOTSTRAP_KEY || !ApiKey.isWellFormed(v)) {
                            throw new IllegalArgumentException();
                        }
                        return v;
                    });
        }

        private @Nullable URI url(String name) {
            return checked(name, "an http or https URL", v -> {
                try {
                    URI uri = new URI(v);
                    String scheme = uri.getScheme();
                    if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
                        throw new IllegalArgumentException();
                    }
                    return uri;
                } catch (URISyntaxException e) {
                    throw new IllegalArgumentException(e);
                }
            });
        }

        private @Nullable Path pluginsDir() {
            Path set = checked("SYNAPSE_PLUGINS_DIR", "the path of a folder that exists", v -> {
                Path folder = workingDir.resolve(v).normalize();
                if (!Files.isDirectory(folder)) {
                    throw new IllegalArgumentException();
                }
                return folder;
            });
            Path usual = workingDir.resolve(DEFAULT_PLUGINS);
            return set != null || !Files.exists(usual) ? set : usual;
        }

        private Map<String, String> others() {
            Map<String, String> found = new LinkedHashMap<>(values);
            found.keySet().removeIf(name -> NAMES.contains(name) || PROVIDER_NAMES.contains(name));
            return found;
        }

        private Map<String, String> providers() {
            Map<String, String> found = new LinkedHashMap<>();
            for (String name : PROVIDER_NAMES) {
                String value = values.get(name);
                if (value != null) {
                    if (name.endsWith("_BASE_URL")) {
                        url(name);
                    }
                    found.put(name, value.trim());
                }
            }
            return found;
        }

        /** The values of secrets are never repeated, so no message repeats any. */
        private <T> @Nullable T checked(String name, String form, Function<String, T> parse) {
            String value = values.get(name);
            if (value == null) {
                return null;
            }
            try {
                return parse.apply(value.trim());
            } catch (IllegalArgumentException e) {
                throw new SettingsException(name + " must be " + form + ".");
            }
        }
    }
}
