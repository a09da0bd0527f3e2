package io.synapse.gateway.credit;

import static io.synapse.gateway.credit.Unit.CACHED_INPUT_TOKENS;
import static io.synapse.gateway.credit.Unit.CACHE_WRITE_TOKENS;
import static io.synapse.gateway.credit.Unit.IMAGES;
import static io.synapse.gateway.credit.Unit.INPUT_TOKENS;
import static io.synapse.gateway.credit.Unit.MILLISECONDS;
import static io.synapse.gateway.credit.Unit.OUTPUT_TOKENS;
import static io.synapse.gateway.credit.Unit.REASONING_TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceListTest {
    private static final PriceList CHAT = PriceList.perMillionTokens(Credits.of(75), Credits.of(300));

    @Test
    void multiplies_exactly_and_rounds_up_once() {
        // 9 × 75 + 2 × 300 = 1,275 millionths of a credit: exact.
        assertThat(CHAT.cost(Usage.of(INPUT_TOKENS, 9, OUTPUT_TOKENS, 2))).isEqualTo(Credits.parse("0.001275"));
        PriceList fine = PriceList.perMillionTokens(Credits.parse("0.3"), Credits.parse("0.3"));
        // 0.3 + 0.3 micro-credits is 0.6, which is one micro-credit, and not two.
        assertThat(fine.cost(Usage.of(INPUT_TOKENS, 1, OUTPUT_TOKENS, 1))).isEqualTo(Credits.ofMicros(1));
    }

    @Test
    void nothing_used_costs_nothing() {
        assertThat(CHAT.cost(Usage.NONE)).isEqualTo(Credits.ZERO);
        assertThat(CHAT.cost(Usage.of(INPUT_TOKENS, 0, OUTPUT_TOKENS, 0))).isEqualTo(Credits.ZERO);
    }

    @Test
    void a_special_token_costs_as_its_plain_kind_unless_it_has_a_rate_of_its_own() {
        Usage usage = Usage.of(CACHED_INPUT_TOKENS, 1_000_000, REASONING_TOKENS, 1_000_000);
        assertThat(CHAT.cost(usage)).isEqualTo(Credits.of(375));
        Map<Unit, Long> rates = new EnumMap<>(CHAT.rates());
        rates.put(CACHED_INPUT_TOKENS, Credits.of(7).micros());
        assertThat(new PriceList(rates, "2").cost(usage)).isEqualTo(Credits.of(307));
    }

    @Test
    void a_unit_without_a_rate_is_an_error_and_never_free() {
        assertThatThrownBy(() -> CHAT.cost(Usage.of(IMAGES, 1))).isInstanceOf(UnpricedUnitException.class);
    }

    @Test
    void prices_are_written_in_their_own_measure() {
        PriceList film = new PriceList(Map.of(MILLISECONDS, PriceList.rate(MILLISECONDS, Credits.parse("0.5"))), "1");
        assertThat(film.cost(Usage.of(MILLISECONDS, 2_500))).isEqualTo(Credits.parse("1.25"));
        assertThat(film.price(MILLISECONDS)).isEqualTo(Credits.parse("0.5"));
        PriceList call = PriceList.perRequest(Credits.of(2));
        assertThat(call.cost(Usage.of(Unit.REQUESTS, 3))).isEqualTo(Credits.of(6));
    }

    @Test
    void the_worst_cost_takes_each_unit_at_its_dearest_kind() {
        Map<Unit, Long> rates = new EnumMap<>(CHAT.rates());
        rates.put(CACHE_WRITE_TOKENS, Credits.of(100).micros());
        PriceList prices = new PriceList(rates, "2");
        assertThat(prices.worstCost(Usage.of(INPUT_TOKENS, 1_000_000))).isEqualTo(Credits.of(100));
        assertThat(prices.affordable(OUTPUT_TOKENS, Credits.of(3))).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void receipts_add_up_and_agree_with_decimal_arithmetic(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Map<Unit, Long> rates = new EnumMap<>(Unit.class);
            Map<Unit, Long> used = new EnumMap<>(Unit.class);
            for (Unit unit : Unit.values()) {
                rates.put(unit, random.nextLong(1L << random.nextInt(1, 34)));
                used.put(unit, random.nextLong(1L << random.nextInt(1, 30)));
            }
            PriceList prices = new PriceList(rates, "1");
            Usage usage = new Usage(used);
            BigDecimal exact = BigDecimal.ZERO;
            for (Unit unit : Unit.values()) {
                exact = exact.add(BigDecimal.valueOf(rates.get(unit)).multiply(BigDecimal.valueOf(used.get(unit))));
            }
            long expected =
                    exact.movePointLeft(6).setScale(0, RoundingMode.CEILING).longValueExact();
            assertThat(prices.cost(usage).micros())
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(expected);
            assertThat(prices.lines(usage).stream()
                            .mapToLong(line -> line.amount().micros())
                            .sum())
                    .isEqualTo(expected);
            assertThat(prices.worstCost(usage)).isGreaterThanOrEqualTo(prices.cost(usage));
        }
    }

    @Test
    void the_largest_costs_are_exact_or_refused() {
        PriceList dear = new PriceList(Map.of(INPUT_TOKENS, 9_223_372_036_854L), "1");
        assertThat(dear.cost(Usage.of(INPUT_TOKENS, Usage.MOST)))
                .isEqualTo(Credits.ofMicros(9_223_372_036_854_000_000L));
        assertThat(dear.cost(Usage.of(INPUT_TOKENS, Usage.MOST - 1)))
                .isEqualTo(Credits.ofMicros(9_223_372_036_844_776_628L));
        assertThat(dear.affordable(INPUT_TOKENS, Credits.ofMicros(9_223_372_036_854_000_000L)))
                .isEqualTo(Usage.MOST);
        PriceList dearer = new PriceList(Map.of(INPUT_TOKENS, 9_223_372_036_855L), "1");
        assertThatThrownBy(() -> dearer.cost(Usage.of(INPUT_TOKENS, Usage.MOST)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void absurd_quantities_are_refused_before_any_arithmetic() {
        assertThatThrownBy(() -> Usage.of(INPUT_TOKENS, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Usage.of(INPUT_TOKENS, Usage.MOST + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PriceList(Map.of(INPUT_TOKENS, -1L), "1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PriceList(Map.of(), "1")).isInstanceOf(IllegalArgumentException.class);
    }
}
