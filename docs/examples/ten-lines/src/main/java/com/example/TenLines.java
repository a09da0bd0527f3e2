package com.example;

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
import java.util.Map;

/** An engine on nothing but the JDK: a key, ten credits, one model. */
public final class TenLines {
    private TenLines() {}

    public static void main(String[] arguments) {
        // README: embed
        var mini = new Route("parrot", "polly-1");
        try (Gateway gateway = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("sk-1", Caller.of("acme"))))
                .catalog(ModelCatalog.of(Model.chat("mini", mini, Credits.of(150), Credits.of(600))))
                .ledger(CreditLedger.inMemory(Map.of("acme", Credits.of(10))))
                .provider(new Parrot())
                .build()) {
            Answered<ChatAnswer> hello = gateway.chat("sk-1", ChatRequest.of("mini", "Hello"));
            System.out.println(
                    hello.answer().text() + " cost " + hello.receipt().charged());
        }
        // README: end
    }
}
