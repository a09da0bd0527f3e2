package io.synapse.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
    @Test
    void new_keys_are_well_formed_and_tell_what_they_are() {
        String live = ApiKey.generate(false, true);
        String test = ApiKey.generate(true, false);
        assertThat(live).startsWith("mmg_live_").hasSize(49);
        assertThat(test).startsWith("mg_test_");
        assertThat(ApiKey.isWellFormed(live)).isTrue();
        assertThat(ApiKey.isWellFormed(test)).isTrue();
        assertThat(ApiKey.isTest(live)).isFalse();
        assertThat(ApiKey.isTest(test)).isTrue();
        assertThat(ApiKey.generate(false, true)).isNotEqualTo(live);
    }

    @Test
    void a_shown_key_keeps_its_secret() {
        String key = "mmg_live_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        assertThat(ApiKey.display(key)).isEqualTo("mmg_live_…WXYZ");
        assertThat(ApiKey.hash(key)).hasSize(32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mmg_live_",
                "mmg_live_short",
                "sk-proj-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "mmg_live_ABCDEFGHIJKLMNOPQRSTUVWXYZ'--",
                "mmg_live_ABCDEFGHIJKLMNOPQRSTUVWXYé",
                "mmg_live_ABCDEFGHIJKLMNOPQRSTU VWXYZ"
            })
    void what_cannot_be_a_key_is_known_at_sight(String text) {
        assertThat(ApiKey.isWellFormed(text)).isFalse();
        assertThat(ApiKey.isWellFormed("mmg_live_" + "A".repeat(1_000_000))).isFalse();
    }

    @Test
    void fixed_keys_know_their_callers() {
        Authenticator keys = Authenticator.fixed(Map.of("sk-1", Caller.of("acme")));
        assertThat(keys.authenticate("sk-1")).contains(Caller.of("acme"));
        assertThat(keys.authenticate("sk-2")).isEmpty();
    }
}
