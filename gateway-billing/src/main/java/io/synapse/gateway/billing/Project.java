package io.synapse.gateway.billing;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of an account with keys and limits of its own.
 *
 * @param id the project's id
 * @param account whose it is
 * @param name what its owner calls it
 * @param isDefault whether it is the account's default project, which has neither cap nor allowlist
 * @param cap what it may spend, or null for all that the account has
 * @param allowedModels the only models its keys may use, by public id, or null for all
 * @param created when it was made
 */
public record Project(
        String id,
        String account,
        String name,
        boolean isDefault,
        @Nullable SpendCap cap,
        @Nullable Set<String> allowedModels,
        Instant created) {
    public Project {
        if (allowedModels != null) {
            allowedModels = Set.copyOf(allowedModels);
        }
    }
}
