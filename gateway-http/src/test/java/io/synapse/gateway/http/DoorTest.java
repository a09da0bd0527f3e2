package io.synapse.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.http.media.PictureFetcher;
import io.synapse.gateway.http.media.Pictures;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.media.MediaStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Addresses from which invalid keys keep coming, over an engine in memory. */
class DoorTest {
    @Test
    void an_address_that_keeps_sending_invalid_keys_is_told_to_wait_and_its_valid_keys_work() throws Exception {
        Gateway gateway = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("valid", Caller.of("acme"))))
                .ledger(CreditLedger.inMemory(Map.of("acme", Credits.of(1))))
                .catalog(ModelCatalog.of(Model.chat("one", new Route("nobody", "one"), Credits.of(1), Credits.of(1))))
                .absentProviders(List.of("nobody"))
                .build();
        try (Metrics metrics = new Metrics();
                PictureFetcher fetcher = new PictureFetcher(false);
                GatewayServer server = GatewayServer.start(
                        gateway,
                        metrics,
                        () -> true,
                        new GatewayServer.Media(new Pictures(fetcher), MediaStore.inMemory(), null),
                        new GatewayServer.Repeats(
                                IdempotencyStore.inMemory(), Duration.ofSeconds(5), Duration.ofSeconds(45)),
                        new GatewayServer.Limits(Duration.ofSeconds(20), 100, 64 << 20),
                        List.of(),
                        "127.0.0.1",
                        0)) {
            ApiClient valid =
                    new ApiClient(URI.create("http://127.0.0.1:" + server.port() + "/api/v1"), "valid", "acme");
            ApiClient invalid = valid.withKey("invalid");
            for (int i = 0; i < 300; i++) {
                assertThat(invalid.get("/models").status()).isEqualTo(401);
            }
            Reply refused = invalid.get("/models");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.error().path("type").asText()).isEqualTo("rate_limited");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
            assertThat(invalid.get("/nowhere").status()).isEqualTo(429);
            assertThat(valid.get("/models").status()).isEqualTo(200);
        }
    }
}
