package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.identity.ApiKey;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link Authenticator} must do. An implementation proves itself with a class that extends this one and
 * knows one key; where its keys can expire or be revoked, it gives one of each too.
 */
@Timeout(60)
public abstract class AuthenticatorContract {
    /** The authenticator under test. */
    protected abstract Authenticator authenticator();

    /** A key that it knows, in the form that {@link ApiKey} makes. */
    protected abstract String knownSecret();

    /** Who bears the known key. */
    protected abstract Caller knownCaller();

    /** A key that has expired, or empty where keys do not. */
    protected abstract Optional<String> expiredSecret();

    /** A key that was revoked, or empty where keys cannot be. */
    protected abstract Optional<String> revokedSecret();

    @Test
    void a_known_key_is_its_bearers() {
        assertThat(authenticator().authenticate(knownSecret())).contains(knownCaller());
    }

    @Test
    void a_known_key_is_its_bearers_every_time() {
        for (int i = 0; i < 3; i++) {
            assertThat(authenticator().authenticate(knownSecret())).contains(knownCaller());
        }
    }

    @Test
    void an_unknown_key_is_nobodys() {
        assertThat(authenticator().authenticate(ApiKey.generate(false, true))).isEmpty();
        assertThat(authenticator().authenticate(ApiKey.generate(true, false))).isEmpty();
    }

    @Test
    void an_unknown_key_is_nobodys_every_time() {
        String unknown = ApiKey.generate(false, true);
        for (int i = 0; i < 3; i++) {
            assertThat(authenticator().authenticate(unknown)).isEmpty();
        }
    }

    @Test
    void a_key_that_differs_in_one_character_is_nobodys() {
        String secret = knownSecret();
        char last = secret.charAt(secret.length() - 1);
        String other = secret.substring(0, secret.length() - 1) + (last == 'a' ? 'b' : 'a');

        assertThat(authenticator().authenticate(other)).isEmpty();
        assertThat(authenticator().authenticate(secret + "a")).isEmpty();
        assertThat(authenticator().authenticate(secret.substring(0, secret.length() - 1)))
                .isEmpty();
        assertThat(authenticator().authenticate(secret + " ")).isEmpty();
        assertThat(authenticator().authenticate(secret.toUpperCase(Locale.ROOT)))
                .isEmpty();
    }

    @Test
    void an_expired_key_is_nobodys() {
        assumeTrue(expiredSecret().isPresent(), "keys that expire");
        assertThat(authenticator().authenticate(expiredSecret().orElseThrow())).isEmpty();
    }

    @Test
    void a_revoked_key_is_nobodys() {
        assumeTrue(revokedSecret().isPresent(), "keys that can be revoked");
        assertThat(authenticator().authenticate(revokedSecret().orElseThrow())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsense_is_nobodys_and_no_error(String text) {
        assertThat(authenticator().authenticate(text)).isEmpty();
    }

    static Stream<String> nonsense() {
        return Stream.of(
                "",
                " ",
                "mmg_live_",
                "mmg_live_short",
                "sk-1234567890123456789012345678901234567890",
                "mmg_live_' OR 1=1 --aaaaaaaaaaaaaaaaaaaaaaaa",
                "mmg_live_\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660aaaaaaaaaaaaaaaaaaaaaaaa",
                "mmg_live_\u0000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "\ud800",
                "mmg_live_" + "a".repeat(1_000_000));
    }

    @Test
    void many_callers_get_the_same_answers() throws Exception {
        String unknown = ApiKey.generate(false, true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Caller>>> answers = IntStream.range(0, 64)
                    .mapToObj(i ->
                            threads.submit(() -> authenticator().authenticate(i % 2 == 0 ? knownSecret() : unknown)))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(i % 2 == 0 ? Optional.of(knownCaller()) : Optional.empty());
            }
        }
    }
}
