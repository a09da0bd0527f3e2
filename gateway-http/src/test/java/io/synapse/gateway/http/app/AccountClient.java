package io.synapse.gateway.http.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Account.Role;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;

/**
 * Asks the account API over a real socket, as a browser does for a page of the dashboard.
 *
 * @param root where the server is
 * @param id the account's id; empty if nobody is signed in
 * @param cookie the session's secret; empty if nobody is signed in
 * @param csrf the session's token; empty if nobody is signed in
 */
record AccountClient(URI root, String id, String cookie, String csrf) {
    static final String PASSWORD = "correct horse battery";

    /** Nobody in particular. */
    static AccountClient nobody(URI root) {
        return new AccountClient(root, "", "", "");
    }

    static AccountClient nobody(SharedServer server) {
        return nobody(server.api().resolve("/"));
    }

    /** Somebody who has just signed up. */
    static AccountClient signedUp(SharedServer server) throws Exception {
        AccountClient nobody = nobody(server);
        return nobody.bearing(nobody.post("/api/account/signup", credentials(newEmail())));
    }

    static AccountClient operator(SharedServer server) throws Exception {
        Account account = server.accounts().create(newEmail(), "", Role.OPERATOR, PASSWORD, Credits.ZERO);
        AccountClient nobody = nobody(server);
        return nobody.bearing(nobody.post("/api/account/login", credentials(account.email())));
    }

    static String newEmail() {
        return UUID.randomUUID() + "@example.test";
    }

    static String credentials(String email) {
        return "{\"email\":\"" + email + "\",\"password\":\"" + PASSWORD + "\"}";
    }

    /** Whoever an answer signed in. */
    AccountClient bearing(Reply signedIn) {
        JsonNode me = signedIn.json();
        return new AccountClient(
                root,
                me.path("id").asText(),
                cookieOf(signedIn),
                me.path("csrf_token").asText());
    }

    static String cookieOf(Reply reply) {
        String header = reply.header("Set-Cookie");
        return header == null ? "" : header.substring(header.indexOf('=') + 1, header.indexOf(';'));
    }

    AccountClient withCsrf(String token) {
        return new AccountClient(root, id, cookie, token);
    }

    Reply get(String path) throws Exception {
        return send(request(path).GET());
    }

    Reply post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    Reply delete(String path) throws Exception {
        return send("DELETE", path, "");
    }

    /** Sends a JSON body, or none where it is empty. */
    Reply send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = request(path);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return send(request.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path));
        if (!cookie.isEmpty()) {
            request.header("Cookie", "theme=dark; synapse_session=" + cookie);
        }
        return csrf.isEmpty() ? request : request.header("X-CSRF-Token", csrf);
    }

    Reply send(HttpRequest.Builder request) throws Exception {
        return new ApiClient(root, "", "").send(request);
    }

    /** The API's client with a new key of this account. */
    ApiClient apiClient(SharedServer server, String keyBody) throws Exception {
        JsonNode key = post("/api/account/keys", keyBody).json();
        return new ApiClient(server.api(), key.path("key").asText(), "");
    }
}
