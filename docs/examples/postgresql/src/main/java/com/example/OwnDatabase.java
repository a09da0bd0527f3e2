package com.example;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.provider.Provider;
import javax.sql.DataSource;

/** An engine over the PostgreSQL that a program has anyway, in a schema of its own beside the program's tables. */
public final class OwnDatabase {
    private static final ModelCatalog CATALOG =
            ModelCatalog.of(Model.chat("mini", new Route("parrot", "polly-1"), Credits.of(150), Credits.of(600)));

    private OwnDatabase() {}

    /** Opens an account, asks something with a new key of it, and tells what it cost. */
    public static Credits serve(DataSource dataSource, Provider provider) {
        // README: postgresql
        Billing.Options options = Billing.Options.DEFAULTS.withSchema("gateway");
        try (Billing billing = Billing.open(dataSource, options);
                Gateway gateway = Gateway.builder()
                        .authenticator(billing.authenticator())
                        .ledger(billing.ledger())
                        .limiter(billing.rateLimiter())
                        .catalog(CATALOG)
                        .provider(provider)
                        .build()) {
            Account ada =
                    billing.accounts().create("ada@example.com", "Ada", Account.Role.USER, null, Credits.of(1000));
            String key =
                    billing.keys().create(ada.id(), KeyRequest.live("laptop")).secret();
            return gateway.chat(key, ChatRequest.of("mini", "Hello")).receipt().charged();
        }
        // README: end
    }
}
