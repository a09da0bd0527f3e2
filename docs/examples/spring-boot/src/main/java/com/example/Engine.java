package com.example;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayBuilder;
import io.synapse.gateway.GatewayListener;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.catalog.CatalogFile;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.sandbox.SandboxProvider;
import io.synapse.gateway.providers.tokens.JTokkitCounter;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

// README: spring
/** The engine as beans: each port can be replaced by one of the application's own. */
@Configuration
class Engine {
    @Bean
    Authenticator authenticator() {
        return Authenticator.fixed(Map.of("sk-1", Caller.of("acme")));
    }

    @Bean
    CreditLedger ledger() {
        return CreditLedger.inMemory(Map.of("acme", Credits.of(1000)));
    }

    @Bean
    UpstreamHttp upstreamHttp() {
        return new UpstreamHttp();
    }

    /** Providers are configured by what the environment or {@code application.properties} has: {@code OPENAI_API_KEY}, … */
    @Bean
    Gateway gateway(
            Authenticator authenticator,
            CreditLedger ledger,
            UpstreamHttp http,
            List<GatewayListener> listeners,
            Environment environment) {
        var tokens = new JTokkitCounter();
        GatewayBuilder builder = Gateway.builder()
                .authenticator(authenticator)
                .ledger(ledger)
                .catalog(CatalogFile.shipped())
                .absentProviders(Providers.ids(http))
                .tokens(tokens)
                .sandbox(new SandboxProvider(tokens));
        Providers.configured(http, environment::getProperty).forEach(builder::provider);
        listeners.forEach(builder::listener);
        return builder.build();
    }
}
// README: end
