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
import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.StoredAnswer;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.media.MediaStore;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ChatUpstream;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store of named calls that breaks in a way that nobody foresaw: callers still get the answers that they pay for. */
@Timeout(60)
class BrokenStoreTest {
    /** Lets every call run, and breaks when it should remember. */
    private static final class Broken implements IdempotencyStore {
        @Override
        public Claim claim(Name name, String fingerprint, UUID charge, Duration lease) {
            return new Claim.First();
        }

        @Override
        public void extend(Collection<UUID> charges, Duration lease) {}

        @Override
        public void complete(Name name, UUID charge, StoredAnswer answer) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void abandon(Name name, UUID charge) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void an_answer_that_cannot_be_kept_reaches_its_caller() throws Exception {
        ScriptedProvider provider = new ScriptedProvider("scripted").says(new ChatUpstream.Tokens(1, 1), "Hi");
        Gateway gateway = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
                .ledger(CreditLedger.inMemory(Map.of("acme", Credits.of(10))))
                .catalog(ModelCatalog.of(Model.chat("one", new Route("scripted", "one"), Credits.of(1), Credits.of(1))))
                .provider(provider)
                .build();
        try (Metrics metrics = new Metrics();
                PictureFetcher fetcher = new PictureFetcher(false);
                GatewayServer server = GatewayServer.start(
                        gateway,
                        metrics,
                        () -> true,
                        new GatewayServer.Media(new Pictures(fetcher), MediaStore.inMemory(), null),
                        new GatewayServer.Repeats(new Broken(), Duration.ofSeconds(5), Duration.ofSeconds(45)),
                        new GatewayServer.Limits(Duration.ofSeconds(20), 100, 64 << 20),
                        List.of(),
                        "127.0.0.1",
                        0)) {
            ApiClient client =
                    new ApiClient(URI.create("http://127.0.0.1:" + server.port() + "/api/v1"), "key", "acme");
            assertThat(named(client).firstText()).isEqualTo("Hi");
            // Nor can a key be freed whose call failed.
            provider.fails(Kind.FAILED, null, null);
            assertThat(named(client).status()).isEqualTo(502);
        }
    }

    private static Reply named(ApiClient client) throws Exception {
        return client.send(client.request("/chat/completions")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k")
                .POST(HttpRequest.BodyPublishers.ofString(ApiClient.body("one", ""))));
    }
}
