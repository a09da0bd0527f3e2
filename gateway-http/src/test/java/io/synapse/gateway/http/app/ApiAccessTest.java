package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.http.app.ApiClient.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may ask which route of the whole server: a route that is not named here as open needs a key or a session. */
class ApiAccessTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    /** What everybody may ask, and why: probes, the pages and what they are made of, and the ways in. */
    private static final Set<String> OPEN = Set.of(
            "/healthz",
            "/readyz",
            "/metrics",
            "/",
            "/login",
            "/signup",
            "/docs",
            "/dashboard",
            "/dashboard/{page}",
            "/assets/{file}",
            "/api/catalog",
            "/api/v1/openapi.json",
            "/v1/openapi.json",
            // Their names cannot be guessed, and are told only to whoever made them.
            "/media/{name}",
            "/api/account/signup",
            "/api/account/login");

    private static final String UNKNOWN = "mmg_live_" + "A".repeat(32);

    private record Route(String method, String path) {
        boolean isAccounts() {
            return path.startsWith("/api/account/") || path.startsWith("/api/admin/");
        }
    }

    /** Every route, asked for things that there are not. */
    private static List<Route> closed() throws Exception {
        AccountClient operator = AccountClient.operator(SERVER);
        List<Route> routes = new ArrayList<>();
        for (String pattern : SERVER.paths()) {
            if (!OPEN.contains(pattern)) {
                String path = pattern.replaceAll("\\{\\w+}", "x");
                // Nothing is put anywhere, so that this tells which methods there are.
                String allowed = operator.send("PUT", path, "").header("Allow");
                assertThat(allowed).as(path).isNotNull();
                for (String method : allowed.split(", ", -1)) {
                    routes.add(new Route(method, path));
                }
            }
        }
        return routes;
    }

    private static Reply ask(AccountClient by, Route route, String... headers) throws Exception {
        var request = by.request(route.path())
                .header("Content-Type", "application/json")
                .method(
                        route.method(),
                        route.method().equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));
        return by.send(headers.length == 0 ? request : request.headers(headers));
    }

    @Test
    void what_is_open_is_all_that_is_open() throws Exception {
        AccountClient nobody = AccountClient.nobody(SERVER);
        List<Route> routes = closed();
        assertThat(routes).hasSizeGreaterThan(40);
        for (Route route : routes) {
            assertThat(ask(nobody, route).status()).as(route.toString()).isEqualTo(401);
            assertThat(ask(nobody, route, "Authorization", "Bearer " + UNKNOWN).status())
                    .as(route.toString())
                    .isEqualTo(401);
        }
        Set<String> gone = new TreeSet<>(OPEN);
        gone.removeAll(SERVER.paths());
        assertThat(gone).isEmpty();
    }

    @Test
    void a_session_is_no_key_and_a_key_is_no_session() throws Exception {
        AccountClient operator = AccountClient.operator(SERVER);
        String key = operator.apiClient(SERVER, "{\"name\":\"k\"}").key();
        for (Route route : closed()) {
            Reply reply = route.isAccounts()
                    ? ask(AccountClient.nobody(SERVER), route, "Authorization", "Bearer " + key)
                    : ask(operator, route);
            assertThat(reply.status()).as(route.toString()).isEqualTo(401);
        }
    }

    @Test
    void a_receipt_is_told_to_nobody_but_its_project() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        String id = ada.apiClient(SERVER, "{\"name\":\"k\"}")
                .chat("sandbox/chat", "")
                .header("X-Request-Id");
        String project = ada.post("/api/account/projects", "{\"name\":\"p\"}")
                .json()
                .path("id")
                .asText();
        for (ApiClient other : List.of(
                AccountClient.signedUp(SERVER).apiClient(SERVER, "{\"name\":\"k\"}"),
                AccountClient.operator(SERVER).apiClient(SERVER, "{\"name\":\"k\"}"),
                ada.apiClient(SERVER, "{\"name\":\"k\",\"project_id\":\"" + project + "\"}"))) {
            Reply reply = other.get("/charges/" + id);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.text()).doesNotContain("sandbox/chat");
        }
    }
}
