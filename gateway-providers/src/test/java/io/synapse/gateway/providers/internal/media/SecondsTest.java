package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.providers.internal.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecondsTest {
    private static Object read(String json) throws Exception {
        return Json.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "7, 7000, 7000",
        "1.2344, 1234, 1235",
        "1.2345, 1235, 1235",
        "2.5e1, 25000, 25000",
        "'\"2.5\"', 2500, 2500"
    })
    void seconds_are_milliseconds(String seconds, long rounded, long charged) throws Exception {
        assertThat(Seconds.millis(read(seconds))).isEqualTo(rounded);
        Usage usage = charged == 0 ? null : Usage.of(Unit.MILLISECONDS, charged);
        assertThat(Seconds.usage(read(seconds))).isEqualTo(usage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e13", "1e999999999", "1e-999999999", "\"a\"", "null", "true", "[1]"})
    void anything_else_is_no_time(String value) throws Exception {
        assertThat(Seconds.millis(read(value))).isNull();
        assertThat(Seconds.usage(read(value))).isNull();
    }
}
