package com.example;

import static io.synapse.gateway.credit.Credits.ofMicros;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.ChargeLine;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A row of the table of charges, with what the commands look at.
 *
 * @param told the charge as the gateway knows it
 * @param deadline when its hold runs out
 */
record ChargeRow(Charge told, Instant deadline) {
    static ChargeRow read(ResultSet row) throws SQLException {
        State state = State.valueOf(row.getString("state"));
        Usage usage = null;
        List<ChargeLine> lines = List.of();
        UsageSource source = null;
        String priceVersion = row.getString("price_version");
        if (state == State.SETTLED) {
            usage = new Usage(units(row.getString("quantities")));
            lines = new PriceList(units(row.getString("rates")), priceVersion).lines(usage);
            source = UsageSource.valueOf(row.getString("source"));
        }
        Charge charge = new Charge(
                row.getObject("id", UUID.class),
                row.getString("request_id"),
                row.getString("wallet"),
                row.getString("project"),
                row.getString("api_key"),
                row.getString("model"),
                row.getString("provider"),
                state,
                ofMicros(row.getLong("reserved")),
                ofMicros(row.getLong("charged")),
                ofMicros(row.getLong("shortfall")),
                usage,
                source,
                lines,
                priceVersion,
                time(row, "created"),
                time(row, "closed"));
        return new ChargeRow(charge, time(row, "deadline"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    State state() {
        return told.state();
    }

    String wallet() {
        return told.wallet();
    }

    long reserved() {
        return told.reserved().micros();
    }

    long charged() {
        return told.charged().micros();
    }

    /** Numbers by unit as a text: {@code INPUT_TOKENS=7,OUTPUT_TOKENS=3}. */
    static String write(Map<Unit, Long> numbers) {
        return numbers.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static Map<Unit, Long> units(String text) {
        Map<Unit, Long> numbers = new EnumMap<>(Unit.class);
        for (String entry : text.isEmpty() ? new String[0] : text.split(",")) {
            String[] pair = entry.split("=");
            numbers.put(Unit.valueOf(pair[0]), Long.valueOf(pair[1]));
        }
        return numbers;
    }
}
