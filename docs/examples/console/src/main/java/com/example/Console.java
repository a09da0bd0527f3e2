package com.example;

import io.synapse.gateway.ChatStream;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayBuilder;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.catalog.CatalogFile;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.sandbox.SandboxProvider;
import io.synapse.gateway.providers.tokens.JTokkitCounter;
import java.util.Map;

/** Streams an answer to the console: of the sandbox, or of any model whose provider has its key in the environment. */
public final class Console {
    private Console() {}

    public static void main(String[] arguments) {
        String model = arguments.length > 0 ? arguments[0] : "sandbox/chat";
        String question = arguments.length > 1 ? arguments[1] : "Tell me a story.";
        // README: providers
        var tokens = new JTokkitCounter();
        try (UpstreamHttp http = new UpstreamHttp()) {
            GatewayBuilder builder = Gateway.builder()
                    .authenticator(Authenticator.fixed(Map.of("sk-1", Caller.of("acme"))))
                    .ledger(CreditLedger.inMemory(Map.of("acme", Credits.of(1000))))
                    .catalog(CatalogFile.shipped())
                    .absentProviders(Providers.ids(http))
                    .tokens(tokens)
                    .sandbox(new SandboxProvider(tokens));
            Providers.configured(http, System::getenv).forEach(builder::provider);
            try (Gateway gateway = builder.build()) {
                print(gateway, ChatRequest.of(model, question));
            }
        }
        // README: end
    }

    // README: stream
    static void print(Gateway gateway, ChatRequest request) {
        try (ChatStream answer = gateway.stream("sk-1", request)) {
            answer.forEachRemaining(chunk -> System.out.print(chunk.text()));
            answer.receipt().ifPresent(receipt -> System.out.println("\ncost " + receipt.charged()));
        }
    }
    // README: end
}
