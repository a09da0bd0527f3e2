package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.AccountAccessTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.GatewayServer;
import io.synapse.gateway.http.Metrics;
import io.synapse.gateway.http.account.AccountRoutes;
import io.synapse.gateway.http.account.Upstreams;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.http.media.PictureFetcher;
import io.synapse.gateway.http.media.Pictures;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.media.MediaStore;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Signing in and out, and who may not. */
class SessionApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @Test
    void a_session_that_is_over_is_nobodys() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        SERVER.execute("UPDATE synapse.session SET last_used = last_used - interval '12 hours' WHERE account = '"
                + ada.id() + "'");
        assertRefused(ada.get("/api/account/me"), 401, "unauthorized");

        AccountClient eve = AccountClient.signedUp(SERVER);
        Reply out = eve.post("/api/account/logout", "");
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.header("Set-Cookie")).startsWith("synapse_session=;").contains("Max-Age=0");
        assertRefused(eve.get("/api/account/me"), 401, "unauthorized");
    }

    @Test
    void whoever_signs_in_gets_a_new_session_and_the_old_one_ends() throws Exception {
        String email = AccountClient.newEmail();
        AccountClient nobody = AccountClient.nobody(SERVER);
        Reply signup = nobody.post("/api/account/signup", AccountClient.credentials(email));
        assertThat(signup.header("Set-Cookie"))
                .contains("; HttpOnly", "; SameSite=Lax", "; Path=/")
                .doesNotContain("Secure");
        AccountClient first = nobody.bearing(signup);
        AccountClient second = first.bearing(first.post("/api/account/login", AccountClient.credentials(email)));
        assertThat(second.cookie()).isNotEqualTo(first.cookie());
        assertThat(second.csrf()).isNotEqualTo(first.csrf());
        assertRefused(first.get("/api/account/me"), 401, "unauthorized");
        assertThat(second.get("/api/account/me").status()).isEqualTo(200);
    }

    @Test
    void passwords_cannot_be_guessed_for_long() throws Exception {
        String email = AccountClient.newEmail();
        AccountClient nobody = AccountClient.nobody(SERVER);
        nobody.post("/api/account/signup", AccountClient.credentials(email));
        for (String target : List.of(email, AccountClient.newEmail())) {
            String wrong = "{\"email\":\"" + target + "\",\"password\":\"wrong password\"}";
            for (int i = 0; i < 5; i++) {
                assertRefused(nobody.post("/api/account/login", wrong), 401, "unauthorized");
            }
            Reply refused = nobody.post("/api/account/login", AccountClient.credentials(target));
            assertRefused(refused, 429, "rate_limited");
            assertThat(refused.header("Retry-After")).isEqualTo("60");
        }
    }

    @Test
    void behind_tls_the_cookie_is_secure_and_a_closed_door_stays_closed() throws Exception {
        Model model = Model.chat("m", new Route("p", "u"), Credits.of(1), Credits.of(1));
        Gateway gateway = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of()))
                .catalog(ModelCatalog.of(model))
                .absentProviders(Set.of("p"))
                .ledger(CreditLedger.inMemory())
                .build();
        URI outside = URI.create("https://gateway.example");
        AccountRoutes routes = new AccountRoutes(
                SERVER.application().billing(),
                ModelCatalog.of(model),
                new Upstreams(Set.of(), Set.of()),
                new AccountRoutes.Entrance(outside, false, Credits.ZERO));
        String email = AccountClient.newEmail();
        AccountClient.nobody(SERVER).post("/api/account/signup", AccountClient.credentials(email));
        try (PictureFetcher fetcher = new PictureFetcher(false);
                Metrics metrics = new Metrics();
                GatewayServer server = GatewayServer.start(
                        gateway,
                        metrics,
                        () -> true,
                        new GatewayServer.Media(new Pictures(fetcher), MediaStore.inMemory(), outside),
                        new GatewayServer.Repeats(
                                IdempotencyStore.inMemory(), Duration.ofSeconds(5), Duration.ofSeconds(45)),
                        new GatewayServer.Limits(Duration.ofSeconds(20), 100, 64 << 20),
                        List.of(routes),
                        "127.0.0.1",
                        0)) {
            AccountClient nobody = AccountClient.nobody(URI.create("http://127.0.0.1:" + server.port() + "/"));
            assertRefused(
                    nobody.post("/api/account/signup", AccountClient.credentials(AccountClient.newEmail())),
                    403,
                    "signup_closed");
            Reply login = nobody.send(nobody.request("/api/account/login")
                    .header("Origin", "https://gateway.example")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(AccountClient.credentials(email))));
            assertThat(login.status()).as(login.text()).isEqualTo(200);
            assertThat(Optional.ofNullable(login.header("Set-Cookie")).orElseThrow())
                    .endsWith("; Secure");
        }
    }
}
