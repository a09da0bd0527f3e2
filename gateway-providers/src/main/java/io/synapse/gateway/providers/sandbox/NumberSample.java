package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.providers.sandbox.SchemaReader.Bound;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes numbers within the bounds of a schema. Stateless. */
final class NumberSample {
    private NumberSample() {}

    static Number of(Map<String, @Nullable Object> schema, boolean whole, int salt) throws UnmetSchemaException {
        Bound lower = SchemaReader.lower(schema);
        Bound upper = SchemaReader.upper(schema);
        BigDecimal step = SchemaReader.decimal(schema.get("multipleOf"));
        if (step != null && step.signum() <= 0) {
            throw new UnmetSchemaException("multipleOf must be above zero");
        }
        if (step == null && whole) {
            step = BigDecimal.ONE;
        } else if (step != null && whole && step.stripTrailingZeros().scale() > 0) {
            // Shifted until it is whole, it is a multiple of both.
            step = step.scaleByPowerOfTen(step.stripTrailingZeros().scale());
        }
        BigDecimal value = step == null ? real(lower, upper, salt) : stepped(lower, upper, step, salt);
        if (below(value, lower) || above(value, upper)) {
            throw new UnmetSchemaException("no number lies within its bounds");
        }
        return plain(value);
    }

    private static BigDecimal stepped(@Nullable Bound lower, @Nullable Bound upper, BigDecimal step, int salt) {
        BigDecimal value = step.multiply(BigDecimal.valueOf(1L + salt));
        if (below(value, lower) && lower != null) {
            value = onGrid(lower.value(), step, RoundingMode.CEILING).add(step.multiply(BigDecimal.valueOf(salt)));
            value = lower.open() && value.compareTo(lower.value()) == 0 ? value.add(step) : value;
        }
        if (above(value, upper) && upper != null) {
            value = onGrid(upper.value(), step, RoundingMode.FLOOR);
            value = upper.open() && value.compareTo(upper.value()) == 0 ? value.subtract(step) : value;
            BigDecimal varied = value.subtract(step.multiply(BigDecimal.valueOf(salt)));
            value = below(varied, lower) ? value : varied;
        }
        return value;
    }

    private static BigDecimal onGrid(BigDecimal value, BigDecimal step, RoundingMode rounding) {
        return value.divide(step, 0, rounding).multiply(step);
    }

    private static BigDecimal real(@Nullable Bound lower, @Nullable Bound upper, int salt) {
        BigDecimal value = new BigDecimal("1.5").add(BigDecimal.valueOf(salt));
        if (!below(value, lower) && !above(value, upper)) {
            return value;
        }
        BigDecimal part = BigDecimal.ONE.divide(BigDecimal.valueOf(salt + 2L), MathContext.DECIMAL32);
        if (lower != null && upper != null) {
            BigDecimal width = upper.value().subtract(lower.value());
            return lower.value().add(width.multiply(part));
        }
        if (lower != null) {
            return lower.value().add(BigDecimal.valueOf(1L + salt));
        }
        return upper == null ? value : upper.value().subtract(BigDecimal.valueOf(1L + salt));
    }

    private static boolean below(BigDecimal value, @Nullable Bound lower) {
        return lower != null && value.compareTo(lower.value()) < (lower.open() ? 1 : 0);
    }

    private static boolean above(BigDecimal value, @Nullable Bound upper) {
        return upper != null && value.compareTo(upper.value()) > (upper.open() ? -1 : 0);
    }

    private static Number plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.scale() > 0) {
            return stripped;
        }
        BigInteger integer = stripped.toBigInteger();
        return integer.bitLength() < 64 ? (Number) integer.longValue() : integer;
    }
}
