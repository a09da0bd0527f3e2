package io.synapse.gateway.testkit.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.Admission;
import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.ProviderSettings;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The guide's way of giving an engine a provider. */
class EngineWithProvidersTest {
    @Test
    void a_factory_makes_a_provider_where_there_is_a_key() throws Exception {
        AtlasFactory factory = new AtlasFactory();
        ProviderSettings none = new ProviderSettings("atlas", factory.settings(), Map.of());
        assertThat(factory.create(none)).isEmpty();
        ProviderSettings key = new ProviderSettings("atlas", factory.settings(), Map.of("API_KEY", "a-key"));
        try (AtlasEmbeddings made = (AtlasEmbeddings) factory.create(key).orElseThrow()) {
            assertThat(made.id()).isEqualTo(factory.id());
        }
    }

    @Test
    void a_provider_of_ones_own_serves_an_engine() {
        try (FakeUpstream atlas = new FakeUpstream();
                AtlasEmbeddings provider = new AtlasEmbeddings(atlas.uri(), "a-key")) {
            atlas.answerAll(request -> Answer.json(200, "{\"vectors\":[[0.5,1]],\"tokens\":1000}"));
            // guide: engine
            Model vectors = Model.builder("atlas-small", Modality.EMBEDDINGS)
                    .route(new Route("atlas", "vectors-2"))
                    .prices(new PriceList(
                            Map.of(Unit.INPUT_TOKENS, PriceList.rate(Unit.INPUT_TOKENS, Credits.of(20))), "2026-11"))
                    .build();
            try (Gateway gateway = Gateway.builder()
                    .authenticator(Authenticator.fixed(Map.of("sk-1", Caller.of("acme"))))
                    .catalog(ModelCatalog.of(vectors))
                    .ledger(CreditLedger.inMemory(Map.of("acme", Credits.of(10))))
                    .provider(provider)
                    .build()) {
                Admission admission = gateway.admit("request-1", "sk-1");
                Answered<Embeddings> answered = gateway.embed(admission, EmbeddingRequest.of("atlas-small", "hello"));
                System.out.println(answered.receipt().charged());
                // guide: end
                assertThat(answered.answer().vectors().getFirst()).containsExactly(0.5f, 1);
                assertThat(answered.receipt().charged()).isEqualTo(Credits.parse("0.02"));
            }
        }
    }
}
