package io.synapse.gateway.credit;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A settlement as one line of ASCII, without its end: fields between tabs, a CRC-32C of the rest in front. Provider and
 * price version are percent-encoded; usage and rates are {@code unit=number} between commas. The cost is not written: it
 * is what the rates make of the usage.
 *
 * <pre>{@code 1f0c5a9e  0198f1c2-…  provider  openai  2026-01  input_tokens=7,output_tokens=3  input_tokens=150000,…}</pre>
 */
final class SettlementLine {
    private static final int FIELDS = 7;

    private SettlementLine() {}

    static String write(Settlement settlement) {
        String fields = String.join(
                "\t",
                settlement.charge().toString(),
                settlement.source().wireName(),
                encode(settlement.provider()),
                encode(settlement.prices().version()),
                numbers(settlement.usage().quantities()),
                numbers(settlement.prices().rates()));
        return checksum(fields) + "\t" + fields;
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is not one that {@link #write} made
     */
    static Settlement read(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS
                || !checksum(line.substring(line.indexOf('\t') + 1)).equals(fields[0])) {
            throw new IllegalArgumentException("the checksum is wrong");
        }
        return Settlement.priced(
                UUID.fromString(fields[1]),
                new Usage(numbers(fields[5])),
                UsageSource.valueOf(fields[2].toUpperCase(Locale.ROOT)),
                new PriceList(numbers(fields[6]), decode(fields[4])),
                decode(fields[3]));
    }

    private static String numbers(Map<Unit, Long> byUnit) {
        StringJoiner joined = new StringJoiner(",");
        byUnit.forEach((unit, number) -> joined.add(unit.wireName() + "=" + number));
        return joined.toString();
    }

    private static Map<Unit, Long> numbers(String joined) {
        Map<Unit, Long> byUnit = new EnumMap<>(Unit.class);
        if (!joined.isEmpty()) {
            for (String each : joined.split(",", -1)) {
                int equals = each.indexOf('=');
                byUnit.put(
                        Unit.valueOf(each.substring(0, equals).toUpperCase(Locale.ROOT)),
                        Long.valueOf(each.substring(equals + 1)));
            }
        }
        return byUnit;
    }

    private static String checksum(String fields) {
        CRC32C crc = new CRC32C();
        crc.update(fields.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
