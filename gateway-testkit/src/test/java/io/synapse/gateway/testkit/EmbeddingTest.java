package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.testkit.fake.ChatUpstream;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An engine in ten lines, as the README has it. */
class EmbeddingTest {
    @Test
    void ten_lines_make_an_engine() {
        ChatProvider openai = new ScriptedProvider("openai").says((ChatUpstream.Tokens) null, "Hello", "!");
        var mini = new Route("openai", "gpt-4o-mini");
        CreditLedger ledger = CreditLedger.inMemory(Map.of("acme", Credits.of(10)));
        try (Gateway gateway = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("sk-1", Caller.of("acme"))))
                .catalog(ModelCatalog.of(Model.chat("mini", mini, Credits.of(150), Credits.of(600))))
                .ledger(ledger)
                .provider(openai)
                .build()) {
            Answered<ChatAnswer> hello = gateway.chat("sk-1", ChatRequest.of("mini", "Hello"));
            assertThat(hello.answer().text()).isEqualTo("Hello!");
            assertThat(hello.receipt().charged()).isGreaterThan(Credits.ZERO);
            assertThat(hello.receipt().available().plus(hello.receipt().charged()))
                    .isEqualTo(Credits.of(10));
            assertThat(ledger.audit()).isEmpty();
        }
    }
}
