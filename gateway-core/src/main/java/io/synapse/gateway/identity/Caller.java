package io.synapse.gateway.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bearer of a valid API key: who pays, and what the key may do.
 *
 * @param account whose key it is
 * @param project the project that the key belongs to
 * @param defaultProject whether that is the account's default project, which has neither cap nor allowlist
 * @param key the key's id, never its secret
 * @param wallet which ledger wallet pays: the account's own, or its test wallet for a test key
 * @param test whether it is a test key, which reaches the sandbox only
 * @param requestsPerMinute the key's own rate limit, or 0 for the gateway's
 * @param allowedModels the only models it may use, or null for all
 */
public record Caller(
        String account,
        String project,
        boolean defaultProject,
        String key,
        String wallet,
        boolean test,
        int requestsPerMinute,
        @Nullable Set<String> allowedModels) {
    public Caller {
        if (requestsPerMinute < 0) {
            throw new IllegalArgumentException("requests per minute is negative: " + requestsPerMinute);
        }
        if (allowedModels != null) {
            allowedModels = Set.copyOf(allowedModels);
        }
    }

    /** A caller who pays from the wallet of the same name as the account, without a project of its own. */
    public static Caller of(String account) {
        return new Caller(account, account, true, account, account, false, 0, null);
    }

    /** Whether the key may use a model, by the model's public id. */
    public boolean mayUse(String model) {
        return allowedModels == null || allowedModels.contains(model);
    }
}
