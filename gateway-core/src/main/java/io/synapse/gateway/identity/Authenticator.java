package io.synapse.gateway.identity;

import io.synapse.gateway.fault.StoreUnavailableException;
import java.util.Map;
import java.util.Optional;

/**
 * Tells who bears an API key. Safe for use by many threads; called once per request, so it should be quick.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Looks up the bearer of a key.
     *
     * @param secret the whole key as the caller sent it; anything at all
     * @return the caller, or empty for a key that is malformed, unknown, expired or revoked; which of them is not told
     * @throws StoreUnavailableException if the keys cannot be looked up: that is never the same as an unknown key
     */
    Optional<Caller> authenticate(String secret);

    /** Fixed keys, each with its caller. */
    static Authenticator fixed(Map<String, Caller> callers) {
        Map<String, Caller> byHash = new java.util.HashMap<>();
        callers.forEach((secret, caller) -> byHash.put(ApiKey.hashHex(secret), caller));
        return secret -> Optional.ofNullable(byHash.get(ApiKey.hashHex(secret)));
    }
}
