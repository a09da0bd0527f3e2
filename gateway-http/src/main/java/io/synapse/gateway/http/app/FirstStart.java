package io.synapse.gateway.http.app;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Account.Role;
import io.synapse.gateway.billing.Accounts;
import io.synapse.gateway.billing.EmailTakenException;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.billing.Keys;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes sure that there is an operator, with the keys that the settings name; tells what was made, once. */
final class FirstStart {
    private static final String PASSWORD_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final int PASSWORD_LENGTH = 20;

    private FirstStart() {}

    /**
     * What was made now, and cannot be shown again.
     *
     * @param email the operator's address
     * @param password the generated password, or null if the settings gave one
     * @param liveKey a live key
     * @param testKey a test key
     */
    record Made(String email, @Nullable String password, String liveKey, String testKey) {}

    /** Empty if there is an operator already. */
    static Optional<Made> prepare(Accounts accounts, Keys keys, Settings settings) {
        Optional<Account> known = accounts.findByEmail(settings.adminEmail());
        if (known.isPresent()) {
            ensureKeys(keys, known.get(), settings);
            return Optional.empty();
        }
        String generated = settings.adminPassword() == null ? password() : null;
        Account operator;
        try {
            operator = accounts.create(
                    settings.adminEmail(),
                    "Operator",
                    Role.OPERATOR,
                    generated == null ? settings.adminPassword() : generated,
                    settings.starterCredits());
        } catch (EmailTakenException e) {
            // Another node of the same database was faster.
            accounts.findByEmail(settings.adminEmail()).ifPresent(other -> ensureKeys(keys, other, settings));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new SettingsException("SYNAPSE_ADMIN_EMAIL or SYNAPSE_ADMIN_PASSWORD: " + e.getMessage() + ".");
        }
        ensureKeys(keys, operator, settings);
        return Optional.of(new Made(
                operator.email(),
                generated,
                settings.bootstrapKey() == null
                        ? keys.create(operator.id(), KeyRequest.live("first live key"))
                                .secret()
                        : settings.bootstrapKey(),
                settings.bootstrapTestKey() == null
                        ? keys.create(operator.id(), KeyRequest.test("first test key"))
                                .secret()
                        : settings.bootstrapTestKey()));
    }

    private static void ensureKeys(Keys keys, Account operator, Settings settings) {
        if (settings.bootstrapKey() != null) {
            keys.ensure(operator.id(), settings.bootstrapKey(), "bootstrap key");
        }
        if (settings.bootstrapTestKey() != null) {
            keys.ensure(operator.id(), settings.bootstrapTestKey(), "bootstrap test key");
        }
    }

    private static String password() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder(PASSWORD_LENGTH);
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            password.append(PASSWORD_ALPHABET.charAt(random.nextInt(PASSWORD_ALPHABET.length())));
        }
        return password.toString();
    }
}
