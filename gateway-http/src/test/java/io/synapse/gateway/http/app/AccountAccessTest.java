package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.http.app.ApiClient.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask the account API what, and from where. */
class AccountAccessTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    /** Every route but those that sign in: method, path, a body that is good, the status for a user and an operator. */
    private static final List<String> ROUTES = List.of(
            "GET /api/account/me - 200 200",
            "GET /api/account/keys - 200 200",
            "POST /api/account/keys {\"name\":\"k\"} 201 201",
            "DELETE /api/account/keys/$key - 204 204",
            "GET /api/account/projects - 200 200",
            "POST /api/account/projects {\"name\":\"p\"} 201 201",
            "PATCH /api/account/projects/$project {\"name\":\"q\"} 200 200",
            "DELETE /api/account/projects/$project - 204 204",
            "GET /api/account/usage - 200 200",
            "GET /api/account/usage?group=day - 200 200",
            "GET /api/account/usage/$request - 200 200",
            "GET /api/account/ledger - 200 200",
            "POST /api/account/redeem {\"code\":\"x\"} 404 404",
            "POST /api/account/test-credits - 200 200",
            "GET /api/admin/accounts - 404 200",
            "POST /api/admin/accounts/$id/credits {\"amount\":\"1\",\"reason\":\"r\"} 404 200",
            "POST /api/admin/codes {\"credits\":\"1\"} 404 201",
            "GET /api/admin/models - 404 200",
            "PATCH /api/admin/models {\"id\":\"test/flat\",\"enabled\":true} 404 200",
            "GET /api/admin/providers - 404 200",
            "GET /api/admin/audit - 404 200",
            "DELETE /api/admin/audit - 404 405",
            "GET /api/admin/nothing - 404 404",
            "POST /api/account/logout - 204 204");

    private record Call(String method, String path, String body, int user, int operator) {
        static List<Call> all() {
            return ROUTES.stream().map(Call::of).toList();
        }

        private static Call of(String line) {
            List<String> words = List.of(line.split(" ", -1));
            return new Call(
                    words.get(0),
                    words.get(1),
                    words.get(2).equals("-") ? "" : words.get(2),
                    Integer.parseInt(words.get(3)),
                    Integer.parseInt(words.get(4)));
        }

        boolean writes() {
            return !method.equals("GET");
        }
    }

    /** Somebody with a key, a project, and a call that was made. */
    private record Somebody(AccountClient client, String key, String project, String request) {
        static Somebody of(AccountClient client) throws Exception {
            return new Somebody(
                    client,
                    client.post("/api/account/keys", "{\"name\":\"k\"}")
                            .json()
                            .path("id")
                            .asText(),
                    client.post("/api/account/projects", "{\"name\":\"p\"}")
                            .json()
                            .path("id")
                            .asText(),
                    Objects.requireNonNull(client.apiClient(SERVER, "{\"name\":\"calls\",\"test\":true}")
                            .chat("sandbox/chat", "")
                            .header("X-Request-Id")));
        }

        /** Calls as another, for what is this one's. */
        Reply asked(AccountClient by, Call call) throws Exception {
            String path = call.path()
                    .replace("$key", key)
                    .replace("$project", project)
                    .replace("$request", request)
                    .replace("$id", client.id());
            return by.send(call.method(), path, call.body());
        }
    }

    /** The envelope of a refusal, which is never kept by a cache. */
    static void assertRefused(Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.error().path("type").asText()).isEqualTo(type);
        assertThat(reply.error().path("code").asText()).isEqualTo(type.toUpperCase(java.util.Locale.ROOT));
        assertThat(reply.error().path("request_id").asText()).isNotEmpty().isEqualTo(reply.header("X-Request-Id"));
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.header("WWW-Authenticate")).isNull();
    }

    /** Whoever adds a route says here who may ask it. */
    @Test
    void no_route_is_forgotten() throws Exception {
        Set<String> walked = new TreeSet<>(Set.of("POST /api/account/signup", "POST /api/account/login"));
        for (Call call : Call.all()) {
            walked.add(call.method() + " "
                    + call.path().replaceAll("\\$\\w+", "{id}").replaceAll("\\?.*", ""));
        }
        AccountClient operator = AccountClient.operator(SERVER);
        Set<String> served = new TreeSet<>();
        for (String path : SERVER.paths()) {
            if (path.startsWith("/api/account/") || path.startsWith("/api/admin/")) {
                // Nothing is put anywhere, so that this tells which methods there are.
                String allowed =
                        operator.send("PUT", path.replace("{id}", "x"), "").header("Allow");
                List.of(allowed.split(", ", -1)).forEach(method -> served.add(method + " " + path));
            }
        }
        assertThat(walked).containsAll(served);
        assertThat(served).hasSizeGreaterThan(20);
    }

    @Test
    void every_route_serves_whom_it_should() throws Exception {
        Somebody user = Somebody.of(AccountClient.signedUp(SERVER));
        Somebody operator = Somebody.of(AccountClient.operator(SERVER));
        for (Call call : Call.all()) {
            Reply own = user.asked(user.client(), call);
            assertThat(own.status()).as(call + own.text()).isEqualTo(call.user());
            assertThat(own.header("Cache-Control")).isEqualTo("no-store");
            Reply governed = operator.asked(operator.client(), call);
            assertThat(governed.status()).as(call + governed.text()).isEqualTo(call.operator());
        }
    }

    @Test
    void every_route_is_closed_to_whoever_is_not_signed_in() throws Exception {
        Somebody user = Somebody.of(AccountClient.signedUp(SERVER));
        String key = user.client().apiClient(SERVER, "{\"name\":\"k\"}").key();
        for (Call call : Call.all()) {
            assertRefused(user.asked(AccountClient.nobody(SERVER), call), 401, "unauthorized");
            AccountClient forged = new AccountClient(user.client().root(), "", "A".repeat(43), "x");
            assertRefused(user.asked(forged, call), 401, "unauthorized");
            Reply withKey = user.client()
                    .send(AccountClient.nobody(SERVER)
                            .request(call.path().replace("$", ""))
                            .header("Authorization", "Bearer " + key)
                            .method(call.method(), BodyPublishers.noBody()));
            assertRefused(withKey, 401, "unauthorized");
        }
        assertThat(user.client()
                        .get("/api/account/keys")
                        .json()
                        .at("/data/1/revoked_at")
                        .isNull())
                .isTrue();
    }

    @Test
    void every_write_needs_the_sessions_own_token() throws Exception {
        Somebody user = Somebody.of(AccountClient.operator(SERVER));
        AccountClient other = AccountClient.signedUp(SERVER);
        for (Call call : Call.all()) {
            for (String token : List.of("", other.csrf())) {
                Reply reply = user.asked(user.client().withCsrf(token), call);
                if (call.writes() && call.operator() != 405) {
                    assertRefused(reply, 403, "csrf");
                } else {
                    assertThat(reply.status()).as(call.toString()).isEqualTo(call.operator());
                }
            }
        }
        assertThat(user.client().get("/api/account/me").status()).isEqualTo(200);
    }

    @Test
    void what_is_anothers_is_as_good_as_not_there() throws Exception {
        Somebody ada = Somebody.of(AccountClient.signedUp(SERVER));
        Somebody eve = Somebody.of(AccountClient.signedUp(SERVER));
        for (Call call : Call.all()) {
            if (call.path().contains("$") && call.path().startsWith("/api/account/")) {
                assertRefused(ada.asked(eve.client(), call), 404, "not_found");
                assertRefused(
                        new Somebody(ada.client(), UUID.randomUUID().toString(), "nonsense", "req_of_nobody")
                                .asked(eve.client(), call),
                        404,
                        "not_found");
            }
        }
        assertRefused(
                eve.client().post("/api/account/keys", "{\"name\":\"k\",\"project_id\":\"" + ada.project() + "\"}"),
                404,
                "not_found");
        assertThat(ada.client()
                        .apiClient(SERVER, "{\"name\":\"k\"}")
                        .chat("sandbox/chat", "")
                        .status())
                .isEqualTo(200);
        for (String query :
                List.of("?test=false", "?key=" + ada.key(), "?project=" + ada.project(), "?group=day&test=false")) {
            assertThat(eve.client().get("/api/account/usage" + query).json().path("data"))
                    .as(query)
                    .isEmpty();
        }
        assertThat(eve.client().get("/api/account/usage").json().path("data")).hasSize(1);
        assertThat(eve.client().get("/api/account/ledger").json().path("data")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site, 403",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, same-origin, 201",
        "Sec-Fetch-Site, none, 201",
        "Origin, https://evil.example, 403",
        "Origin, null, 403",
        "Origin, http://127.0.0.1:1, 403",
        "Origin, $own, 201",
    })
    void a_page_of_another_site_changes_nothing(String header, String value, int status) throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        String own = "http://127.0.0.1:" + SERVER.api().getPort();
        Reply reply = ada.send(ada.request("/api/account/keys")
                .header(header, value.equals("$own") ? own : value)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"k\"}")));
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        AccountClient nobody = AccountClient.nobody(SERVER);
        Reply login = nobody.send(nobody.request("/api/account/login")
                .header(header, value.equals("$own") ? own : value)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"email\":\"nobody@example.test\",\"password\":\"0123456789\"}")));
        // Attempts for a name that nobody has count too.
        assertThat(login.status()).isIn(status == 403 ? Set.of(403) : Set.of(401, 429));
    }

    @Test
    void a_form_is_no_json() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        Reply reply = ada.send(ada.request("/api/account/keys")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"name\":\"k\"}")));
        assertRefused(reply, 415, "unsupported_media_type");
    }

    @Test
    void a_session_opens_nothing_under_the_api() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        assertThat(ada.get("/api/v1/models").status()).isEqualTo(401);
    }

    @Test
    void methods_and_routes_that_are_not_there_are_told() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        Reply wrong = ada.send("PUT", "/api/account/keys", "{}");
        assertRefused(wrong, 405, "method_not_allowed");
        assertThat(wrong.header("Allow")).isEqualTo("GET, POST");
        assertRefused(ada.get("/api/account/nothing"), 404, "not_found");
    }
}
