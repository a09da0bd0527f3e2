package io.synapse.gateway.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreditsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1,0.000001",
        "125,0.000125",
        "12500000,12.5",
        "1000000,1",
        "10,0.00001",
        "9223372036854775807,9223372036854.775807"
    })
    void prints_plain_decimals_without_trailing_zeros(long micros, String text) {
        assertThat(Credits.ofMicros(micros)).hasToString(text);
        assertThat(Credits.parse(text)).isEqualTo(Credits.ofMicros(micros));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "0.0000001", "1e400", "NaN", "twelve", "1,5", "9223372036854.775808"})
    void refuses_what_is_no_amount(String text) {
        assertThatThrownBy(() -> Credits.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void never_goes_below_zero_nor_wraps_around() {
        assertThatThrownBy(() -> Credits.of(1).minus(Credits.of(2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Credits.ofMicros(Long.MAX_VALUE).plus(Credits.ofMicros(1)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Credits.of(Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
    }
}
