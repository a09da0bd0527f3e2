package io.synapse.gateway.testkit;

import io.synapse.gateway.identity.ApiKey;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import java.util.Map;
import java.util.Optional;

class FixedAuthenticatorTest extends AuthenticatorContract {
    private static final String SECRET = ApiKey.generate(false, true);
    private static final Caller CALLER = Caller.of("ada");

    @Override
    protected Authenticator authenticator() {
        return Authenticator.fixed(Map.of(SECRET, CALLER));
    }

    @Override
    protected String knownSecret() {
        return SECRET;
    }

    @Override
    protected Caller knownCaller() {
        return CALLER;
    }

    @Override
    protected Optional<String> expiredSecret() {
        return Optional.empty();
    }

    @Override
    protected Optional<String> revokedSecret() {
        return Optional.empty();
    }
}
