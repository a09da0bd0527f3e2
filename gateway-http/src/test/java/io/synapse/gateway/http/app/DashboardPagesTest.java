package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.http.GatewayServer;
import io.synapse.gateway.http.app.ApiClient.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard's files: how they are served, and what they must not hold. */
class DashboardPagesTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private static final int MOST_BYTES = 200 * 1024;
    private static final String PAGE = "index.html";
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css",
            "js", "text/javascript",
            "svg", "image/svg+xml",
            "json", "application/json");
    private static final Pattern STATIC_IMPORT = Pattern.compile("^import [^;]*?'([^']+)';", Pattern.MULTILINE);

    private static Path directory() {
        try {
            return Objects.requireNonNull(
                    Path.of(Objects.requireNonNull(GatewayServer.class.getResource("dashboard/" + PAGE))
                                    .toURI())
                            .getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The paths of all files. */
    static List<String> files() throws IOException {
        Path directory = directory();
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
    }

    static List<String> assets() throws IOException {
        return files().stream().filter(file -> !file.equals(PAGE)).toList();
    }

    private static String text(String file) throws IOException {
        return Files.readString(directory().resolve(file));
    }

    private static Reply get(String path) throws Exception {
        return new ApiClient(SERVER.api().resolve("/"), "", "").get(path);
    }

    private static HttpResponse<byte[]> bytes(String path, String name, String value) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(SERVER.api().resolve("/" + path))
                            .header(name, value)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    /** The version of the files, as the page names it. */
    private static String version() throws Exception {
        Matcher matcher = Pattern.compile("/assets/([0-9a-f]+)/js/app\\.js").matcher(get("").text());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static void isLockedDown(Reply reply) {
        assertThat(reply.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
                        + " media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
                        + " base-uri 'none'");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(reply.header("Permissions-Policy")).contains("microphone=(self)");
        assertThat(reply.header("Vary")).isEqualTo("Accept-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "login", "signup", "docs", "dashboard", "dashboard/keys", "dashboard/requests/req_1"})
    void every_address_of_the_dashboard_is_the_same_page(String address) throws Exception {
        Reply reply = get(address);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("text/html");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(reply.text()).startsWith("<!doctype html>").doesNotContain("{version}");
        isLockedDown(reply);
    }

    @ParameterizedTest
    @MethodSource("assets")
    void assets_have_their_type_and_may_be_kept_for_good_under_their_version(String file) throws Exception {
        Reply kept = get("assets/" + version() + "/" + file);
        assertThat(kept.status()).isEqualTo(200);
        assertThat(kept.header("Content-Type")).startsWith(TYPES.get(file.substring(file.lastIndexOf('.') + 1)));
        assertThat(kept.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(kept.text()).isEqualTo(text(file));
        isLockedDown(kept);
        assertThat(get("assets/" + file).header("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void a_file_that_is_known_already_is_not_sent_again() throws Exception {
        String tag = Objects.requireNonNull(get("").header("ETag"));
        HttpResponse<byte[]> again = bytes("", "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(bytes("", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void files_are_compressed_for_those_who_can_read_that() throws Exception {
        HttpResponse<byte[]> compressed = bytes("assets/js/app.js", "Accept-Encoding", "br, gzip");
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text("js/app.js"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "assets/index.html",
                "assets/../GatewayServer.class",
                "assets/..%2fGatewayServer.class",
                "assets/js/..%2f..%2f..%2fGatewayServer.class",
                "assets/%2e%2e/%2e%2e/GatewayServer.class",
                "assets/js/",
                "assets/js",
                "assets//etc/passwd",
                "assets/0123456789ab/js/app.js",
                "assets/js/app.js%00.css"
            })
    void nothing_else_is_served(String path) throws Exception {
        Reply reply = get(path);
        assertThat(reply.status()).isIn(400, 404);
        assertThat(reply.error().path("type").asText()).isIn("not_found", "invalid_request");
    }

    @Test
    void the_page_holds_no_script_or_style_of_its_own() throws Exception {
        assertThat(text(PAGE))
                .doesNotContainPattern("<script(?![^>]*\\ssrc=)")
                .doesNotContainPattern("<style|\\sstyle=|\\son\\w+=|javascript:");
    }

    @ParameterizedTest
    @MethodSource("files")
    void no_file_asks_another_host_for_anything(String file) throws Exception {
        String text = text(file).replace("http://www.w3.org/2000/svg", "");
        assertThat(text).doesNotContainPattern("(https?|wss?):?//\\w").doesNotContainPattern("[(\"'`]//\\w");
    }

    @ParameterizedTest
    @MethodSource("files")
    void data_never_becomes_markup_or_code(String file) throws Exception {
        assertThat(text(file))
                .doesNotContainPattern(
                        "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function")
                .doesNotContainPattern("setAttribute\\(.style.|[{,] style: ");
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_file_is_small(String file) throws Exception {
        assertThat(Files.size(directory().resolve(file))).isLessThan(MOST_BYTES);
        assertThat(text(file).lines()).hasSizeLessThan(file.endsWith(".json") ? 5000 : 300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"js/pages/home.js", "js/pages/login.js", "js/pages/overview.js"})
    void a_first_page_is_light_even_uncompressed(String page) throws Exception {
        Set<String> needed = new LinkedHashSet<>(
                List.of(PAGE, "css/base.css", "css/parts.css", "css/pages.css", "js/theme.js", "icons/logo.svg"));
        needed.add("icons/sprite.svg");
        Deque<String> left = new ArrayDeque<>(List.of("js/app.js", page));
        while (!left.isEmpty()) {
            String module = left.pop();
            if (needed.add(module)) {
                STATIC_IMPORT
                        .matcher(text(module))
                        .results()
                        .map(found -> imported(module, found))
                        .forEach(left::push);
            }
        }
        long sum = 0;
        for (String file : needed) {
            sum += Files.size(directory().resolve(file));
        }
        assertThat(sum).isLessThan(MOST_BYTES);
    }

    private static String imported(String module, MatchResult found) {
        return URI.create(module).resolve(found.group(1)).toString();
    }

    @Test
    void every_import_names_a_file_that_there_is() throws Exception {
        List<String> files = files();
        Pattern any = Pattern.compile("(?:from |import\\(|^import )'(\\.[^']+)'", Pattern.MULTILINE);
        for (String file : files) {
            if (file.endsWith(".js")) {
                assertThat(any.matcher(text(file)).results().map(found -> imported(file, found)))
                        .as(file)
                        .allSatisfy(name -> assertThat(files).contains(name));
            }
        }
    }

    @Test
    void every_icon_that_is_named_is_drawn() throws Exception {
        String sprite = text("icons/sprite.svg");
        for (String file : files()) {
            if (file.endsWith(".js")) {
                Stream<String> names = Pattern.compile("\\bicon\\('(\\w+)'\\)|\\bempty\\('(\\w+)'")
                        .matcher(text(file))
                        .results()
                        .flatMap(found -> Stream.of(found.group(1), found.group(2)))
                        .filter(Objects::nonNull);
                assertThat(names).as(file).allSatisfy(name -> assertThat(sprite).contains("id=\"" + name + "\""));
            }
        }
    }

    @Test
    void everybody_may_read_the_models_and_their_prices() throws Exception {
        Reply reply = get("api/catalog");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("data"))
                .isNotEmpty()
                .allSatisfy(
                        model -> assertThat(model.at("/pricing/unit").asText()).isNotEmpty());
        var asKeysSeeIt = SERVER.testClient().get("/models").json().path("data");
        assertThat(reply.json().path("data").findValuesAsText("id")).isEqualTo(asKeysSeeIt.findValuesAsText("id"));
        assertThat(Arrays.asList("test/flat", "test/nobody"))
                .allSatisfy(id -> assertThat(reply.text()).contains("\"" + id + "\""));
    }
}
