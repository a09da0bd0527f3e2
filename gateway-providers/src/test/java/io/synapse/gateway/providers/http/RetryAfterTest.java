package io.synapse.gateway.providers.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "20 | 20000",
                " 20  | 20000",
                "1.5 | 1500",
                "0.25 | 250",
                "12ms | 12",
                "1s | 1000",
                "37.5s | 37500",
                "37s | 37000",
                "6m0s | 360000",
                "2m59.56s | 179560",
                "1h2m3s | 3723000",
                "1h | 3600000",
                "1d | 86400000",
                "1500us | 1",
                "1500000ns | 1",
                "1795291230000 | 30000",
                "2026-11-21T20:00:30Z | 30000",
                "2026-11-21T21:00:30.5+01:00 | 30500",
                "2026-11-21T19:00:00Z | 0",
                "Sat, 21 Nov 2026 20:00:30 GMT | 30000",
                "Sat, 21 Nov 2026 19:00:00 GMT | 0"
            })
    void reads_every_form(String text, long millis) {
        Duration wait = RetryAfter.parse(text, NOW);
        assertThat(wait).isNotNull();
        assertThat(wait.toMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "-5s",
                "NaN",
                "Infinity",
                "1e9",
                "soon",
                "12 s",
                "s",
                "6m0",
                "m6",
                "1.2.3s",
                "..s",
                "0x10",
                "99999999999999999999999999999999",
                "999999999999999",
                "1000h",
                "Sat, 32 Nov 2026 20:00:30 GMT",
                "2026-11-21",
                "2026-13-21T20:00:30Z",
                "9999999999999",
                "１２",
                "6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s6m0s"
            })
    void takes_nonsense_for_nothing(String text) {
        assertThat(RetryAfter.parse(text, NOW)).isNull();
    }
}
