package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    private final Passwords passwords = new Passwords();

    @Test
    void a_password_matches_its_hash_and_no_other_does() {
        String hash = passwords.hash("correct horse");

        assertThat(passwords.matches("correct horse", hash)).isTrue();
        assertThat(passwords.matches("Correct horse", hash)).isFalse();
        assertThat(passwords.matches("", hash)).isFalse();
    }

    @Test
    void a_hash_tells_its_parameters_and_has_a_salt_of_its_own() {
        String hash = passwords.hash("pässwörd 🔑");

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("=$");
        assertThat(passwords.matches("pässwörd 🔑", hash)).isTrue();
        assertThat(passwords.hash("pässwörd 🔑")).isNotEqualTo(hash);
    }

    /** The reference implementation's own test vector. */
    @Test
    void hashes_of_the_reference_implementation_match() {
        String expected = Base64.getEncoder()
                .withoutPadding()
                .encodeToString(
                        HexFormat.of().parseHex("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"));

        assertThat(passwords.matches("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$" + expected))
                .isTrue();
    }

    @Test
    void nothing_matches_a_missing_hash() {
        assertThat(passwords.matches("anything", null)).isFalse();
    }

    @Test
    void a_password_has_a_length() {
        String longest = "a".repeat(Passwords.LONGEST);

        assertThat(passwords.matches(longest, passwords.hash(longest))).isTrue();
        assertThat(passwords.matches(longest + "a", passwords.hash(longest))).isFalse();
        assertThatThrownBy(() -> passwords.hash(longest + "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> passwords.hash("")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain text",
                "$2b$12$abcdefghijklmnopqrstuuVZJZ5C1p5C1p5C1p5C1p5C1p5C1p5C1",
                "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            })
    void a_stored_text_that_is_no_hash_of_ours_is_an_error(String stored) {
        assertThatThrownBy(() -> passwords.matches("anything", stored)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void many_at_once_wait_their_turn() throws Exception {
        String hash = passwords.hash("secret");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers = IntStream.range(0, 8)
                    .mapToObj(i -> callers.submit(() -> passwords.matches(i % 2 == 0 ? "secret" : "wrong", hash)))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(i % 2 == 0);
            }
        }
    }
}
