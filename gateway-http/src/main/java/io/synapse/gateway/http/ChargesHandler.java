package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.ChargeLine;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.UsageSource;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /charges/{request id}}: the receipt of a call, whose lines add up to what was charged. */
public final class ChargesHandler {
    private final Gateway gateway;
    private final Door door;

    ChargesHandler(Gateway gateway, Door door) {
        this.gateway = gateway;
        this.door = door;
    }

    void one(Context ctx) {
        Exchange exchange = Exchange.of(ctx);
        Admission admission = door.admit(ctx);
        String requestId = ctx.pathParam("id");
        Charge charge =
                gateway.charge(admission, requestId).orElseThrow(() -> new ApiException(ApiError.noCharge(requestId)));
        exchange.json(200, receipt(charge));
    }

    /** A charge as receipts tell it. */
    public static Map<String, @Nullable Object> receipt(Charge charge) {
        Map<String, @Nullable Object> receipt = new LinkedHashMap<>();
        receipt.put("id", charge.id().toString());
        receipt.put("object", "charge");
        receipt.put("request_id", charge.requestId());
        // Callers need not know whether a hold was given back or ran out: they got it back.
        Charge.State state = charge.state() == Charge.State.EXPIRED ? Charge.State.RELEASED : charge.state();
        receipt.put("state", state.wireName());
        receipt.put("project", charge.project());
        receipt.put("key", charge.key());
        receipt.put("model", charge.model());
        receipt.put("provider", charge.provider());
        receipt.put("reserved", charge.reserved().toString());
        receipt.put("charged", charge.charged().toString());
        receipt.put("usage", usage(charge));
        UsageSource source = charge.source();
        receipt.put("usage_source", source == null ? null : source.wireName());
        receipt.put("price_version", charge.priceVersion());
        receipt.put("lines", charge.lines().stream().map(ChargesHandler::line).toList());
        receipt.put("created", charge.created().toString());
        Instant closed = charge.closed();
        receipt.put("closed", closed == null ? null : closed.toString());
        return receipt;
    }

    private static @Nullable Map<String, Object> usage(Charge charge) {
        if (charge.usage() == null) {
            return null;
        }
        Map<String, Object> usage = new LinkedHashMap<>();
        charge.usage().quantities().forEach((unit, quantity) -> usage.put(name(unit), quantity(unit, quantity)));
        return usage;
    }

    /** {@code amount} is {@code quantity} times {@code rate} per {@code per}, in credits. */
    private static Map<String, Object> line(ChargeLine line) {
        long per = line.unit().measure() == Unit.Measure.TOKENS ? 1_000_000 : 1;
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("unit", name(line.unit()));
        wire.put("quantity", quantity(line.unit(), line.quantity()));
        wire.put("rate", rate(line));
        wire.put("per", per);
        wire.put("amount", line.amount().toString());
        return wire;
    }

    /** Sound and film are counted in milliseconds and told in seconds, as they are priced. */
    private static String name(Unit unit) {
        return unit == Unit.MILLISECONDS ? "seconds" : unit.wireName();
    }

    private static Object quantity(Unit unit, long quantity) {
        return unit == Unit.MILLISECONDS ? Json.seconds(quantity) : quantity;
    }

    /** From micro-credits per million units to credits per what a price is written for. */
    private static String rate(ChargeLine line) {
        BigDecimal rate = BigDecimal.valueOf(line.rate())
                .multiply(BigDecimal.valueOf(line.unit().measure().quantityPerPrice()))
                .movePointLeft(12);
        return rate.signum() == 0 ? "0" : rate.stripTrailingZeros().toPlainString();
    }
}
