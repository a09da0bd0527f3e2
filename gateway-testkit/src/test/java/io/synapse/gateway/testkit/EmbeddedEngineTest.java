package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayBuilder;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.GatewayListener;
import io.synapse.gateway.Receipt;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The engine in somebody else's program: what it tells, what it refuses, and that two of them do not meet. */
class EmbeddedEngineTest {
    private static final Usage USED = Usage.of(Unit.INPUT_TOKENS, 1, Unit.OUTPUT_TOKENS, 1);

    private final ScriptedProvider upstream = new ScriptedProvider("upstream").says(USED, "Hi");

    private GatewayBuilder complete() {
        return Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("sk-1", Caller.of("acme"))))
                .catalog(ModelCatalog.of(model("one", "upstream")))
                .ledger(CreditLedger.inMemory(Map.of("acme", Credits.of(10))))
                .provider(upstream);
    }

    private static Model model(String id, String provider) {
        return Model.chat(id, new Route(provider, "up"), Credits.of(150), Credits.of(600));
    }

    // What it tells.

    /** Hears everything. */
    private static final class Ear implements GatewayListener {
        private final List<Call> calls = new CopyOnWriteArrayList<>();
        private final List<String> refusals = new CopyOnWriteArrayList<>();

        @Override
        public void finished(Call call) {
            calls.add(call);
        }

        @Override
        public void refused(String requestId, @Nullable Caller caller, GatewayError error) {
            refusals.add(requestId + " " + (caller == null ? "nobody" : caller.key()) + " " + error.type());
        }
    }

    @Test
    void every_listener_hears_who_called_under_which_request_and_charge() {
        Ear first = new Ear();
        Ear second = new Ear();
        Caller caller = new Caller("acme", "search", false, "key-7", "acme", false, 0, null);
        try (Gateway gateway = complete()
                .authenticator(Authenticator.fixed(Map.of("sk-1", caller)))
                .listener(first)
                .listener(call -> {
                    throw new IllegalStateException("a listener that breaks");
                })
                .listener(second)
                .build()) {
            Admission admission = gateway.admit("req-1", "sk-1");
            Receipt receipt =
                    gateway.chat(admission, ChatRequest.of("one", "Hello")).receipt();
            assertThat(first.calls).isEqualTo(second.calls).singleElement().satisfies(call -> {
                assertThat(call.requestId()).isEqualTo("req-1");
                assertThat(call.caller()).isEqualTo(caller);
                assertThat(call.charge()).isEqualTo(receipt.charge());
                assertThat(call.charged()).isEqualTo(receipt.charged());
            });
        }
    }

    @Test
    void a_listener_hears_who_was_not_let_in() {
        Ear ear = new Ear();
        try (Gateway gateway = complete().requestsPerMinute(1).listener(ear).build()) {
            gateway.admit("req-1", "sk-1");
            assertThatThrownBy(() -> gateway.admit("req-2", "sk-1")).isInstanceOf(GatewayException.class);
            assertThatThrownBy(() -> gateway.admit("req-3", "sk-2")).isInstanceOf(GatewayException.class);
            assertThatThrownBy(() -> gateway.admit("req-4", null)).isInstanceOf(GatewayException.class);
        }
        assertThat(ear.refusals)
                .containsExactly("req-2 acme rate_limited", "req-3 nobody unauthorized", "req-4 nobody unauthorized");
    }

    // Two of them.

    @Test
    void two_engines_in_one_program_do_not_meet() {
        Ear first = new Ear();
        Ear second = new Ear();
        CreditLedger books = CreditLedger.inMemory(Map.of("acme", Credits.of(10)));
        try (Gateway one = complete().requestsPerMinute(1).listener(first).build();
                Gateway two = complete()
                        .authenticator(
                                Authenticator.fixed(Map.of("sk-1", Caller.of("acme"), "sk-2", Caller.of("acme"))))
                        .ledger(books)
                        .requestsPerMinute(1)
                        .listener(second)
                        .build()) {
            one.chat("sk-1", ChatRequest.of("one", "Hello"));
            assertThat(books.available("acme")).as("the other's wallet").isEqualTo(Credits.of(10));
            two.chat("sk-1", ChatRequest.of("one", "Hello"));
            assertThat(books.available("acme")).isLessThan(Credits.of(10));
            assertThat(refusal(() -> one.admit("r", "sk-2"))).isInstanceOf(GatewayError.Unauthorized.class);
            assertThat(refusal(() -> two.admit("r", "sk-1"))).isInstanceOf(GatewayError.RateLimited.class);
            assertThat(first.calls).hasSize(1);
            assertThat(second.calls).hasSize(1);
        }
    }

    @Test
    void an_engine_that_closes_leaves_the_other_open() {
        Gateway other = complete().build();
        try (Gateway gateway = complete().build()) {
            other.close();
            assertThat(gateway.chat("sk-1", ChatRequest.of("one", "Hello"))
                            .answer()
                            .text())
                    .isEqualTo("Hi");
        }
    }

    // What it refuses.

    private static GatewayError refusal(Runnable call) {
        return catchThrowableOfType(GatewayException.class, call::run).error();
    }

    @Test
    void a_closed_engine_says_that_it_is_closed() {
        Gateway gateway = complete().build();
        Admission early = gateway.admit("req-1", "sk-1");
        gateway.close();
        gateway.close();
        ChatRequest hello = ChatRequest.of("one", "Hello");
        assertThat(refusal(() -> gateway.chat("sk-1", hello))).isEqualTo(new GatewayError.Closed());
        assertThat(refusal(() -> gateway.chat(early, hello))).isEqualTo(new GatewayError.Closed());
        assertThat(refusal(() -> gateway.stream(early, hello))).isEqualTo(new GatewayError.Closed());
        assertThatThrownBy(() -> gateway.chat("sk-1", hello)).hasMessageContaining("closed");
        assertThat(upstream.calls()).isZero();
    }

    @Test
    void a_port_that_is_missing_is_named() {
        assertThatThrownBy(() -> Gateway.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("an authenticator");
        assertThatThrownBy(() -> Gateway.builder()
                        .authenticator(secret -> Optional.empty())
                        .build())
                .hasMessageContaining("a catalog");
        assertThatThrownBy(() -> Gateway.builder()
                        .authenticator(secret -> Optional.empty())
                        .catalog(ModelCatalog.of())
                        .build())
                .hasMessageContaining("a ledger");
    }

    @Test
    void a_route_to_a_provider_that_is_not_there_is_a_mistake() {
        assertThatThrownBy(() -> complete()
                        .catalog(ModelCatalog.of(model("one", "upstraem")))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model one: there is no provider 'upstraem'; there are upstream");
    }

    @Test
    void a_catalog_that_does_not_fit_at_all_is_told_in_few_words() {
        Model[] models = new Model[50];
        for (int i = 0; i < models.length; i++) {
            models[i] = model("m" + i, "nobody");
        }
        assertThatThrownBy(() -> complete().catalog(ModelCatalog.of(models)).build())
                .hasMessageEndingWith("; and 45 more");
    }

    @Test
    void a_provider_may_be_said_to_be_absent() {
        try (Gateway gateway = complete()
                .catalog(ModelCatalog.of(model("one", "upstream"), model("two", "elsewhere")))
                .absentProviders(List.of("elsewhere"))
                .build()) {
            assertThat(refusal(() -> gateway.chat("sk-1", ChatRequest.of("two", "Hello"))))
                    .isEqualTo(new GatewayError.ProviderNotConfigured("two", "elsewhere"));
        }
    }

    @Test
    void a_provider_that_does_not_do_what_its_route_promises_is_a_mistake() {
        Model speech = Model.builder("speech", Modality.TEXT_TO_SPEECH)
                .route(new Route("upstream", "x"))
                .prices(io.synapse.gateway.credit.PriceList.perRequest(Credits.of(1)))
                .build();
        assertThatThrownBy(() -> complete().catalog(ModelCatalog.of(speech)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model speech: the provider 'upstream' does not serve text-to-speech");
    }

    @Test
    void two_providers_of_one_id_are_a_mistake_and_so_is_an_id_that_no_route_can_name() {
        assertThatThrownBy(() -> complete().provider(new ScriptedProvider("upstream")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are two providers with the id upstream");
        assertThatThrownBy(() -> complete().provider(new ScriptedProvider("Up Stream")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'Up Stream'")
                .hasMessageContaining("lower-case");
    }

    @Test
    void a_default_that_is_not_in_the_catalog_is_a_mistake() {
        assertThatThrownBy(() ->
                        ModelCatalog.of(List.of(model("one", "upstream")), Map.of(Modality.TEXT_GENERATION, "two")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two");

        ModelCatalog own = new ModelCatalog() {
            @Override
            public Optional<Model> find(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<Model> defaultFor(Modality modality) {
                return modality == Modality.TEXT_GENERATION ? Optional.of(model("two", "upstream")) : Optional.empty();
            }

            @Override
            public List<Model> models() {
                return List.of(model("one", "upstream"));
            }
        };
        assertThatThrownBy(() -> complete().catalog(own).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the default for text-generation, two, is not in the catalog");
    }

    @Test
    void limits_that_make_no_sense_are_refused_where_they_are_set() {
        assertThatThrownBy(() -> Gateway.builder().requestsPerMinute(0)).hasMessageContaining("requests per minute");
        assertThatThrownBy(() -> Gateway.builder().concurrentRequests(0)).hasMessageContaining("concurrent requests");
        assertThatThrownBy(() -> Gateway.builder().upstreamTimeout(java.time.Duration.ZERO))
                .hasMessageContaining("above zero");
    }
}
