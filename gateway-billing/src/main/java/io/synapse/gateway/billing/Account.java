package io.synapse.gateway.billing;

import java.time.Instant;

/**
 * Somebody who signed up.
 *
 * @param id the account's id
 * @param email as it was given; no two accounts have the same, whatever its case
 * @param name what to call them; may be empty
 * @param role what they may do
 * @param defaultProject the id of the project that every account has, without cap or allowlist
 * @param wallet the ledger wallet that live calls are paid from
 * @param testWallet the ledger wallet that test keys spend from
 * @param created when they signed up
 */
public record Account(
        String id,
        String email,
        String name,
        Role role,
        String defaultProject,
        String wallet,
        String testWallet,
        Instant created) {
    /** What an account may do. */
    public enum Role {
        /** Use and govern what is its own. */
        USER,
        /** Govern the whole gateway too. */
        OPERATOR
    }
}
