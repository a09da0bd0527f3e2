package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.PictureTokens;
import io.synapse.gateway.catalog.PriceVariant;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Unit.Measure;
import io.synapse.gateway.fault.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code GET /models} and {@code GET /models/{id}}. */
final class ModelsHandler {
    private final Gateway gateway;
    private final Door door;

    ModelsHandler(Gateway gateway, Door door) {
        this.gateway = gateway;
        this.door = door;
    }

    void list(Context ctx) {
        Exchange exchange = Exchange.of(ctx);
        Admission admission = door.admit(ctx);
        Stream<Model> models = gateway.models(admission).stream();
        String modality = ctx.queryParam("modality");
        if (modality != null) {
            Modality wanted = Modality.parse(modality).orElseThrow(() -> unknownModality());
            models = models.filter(model -> model.modality() == wanted);
        }
        String provider = ctx.queryParam("provider");
        if (provider != null) {
            models = models.filter(model -> providerOf(model).equals(provider));
        }
        List<Map<String, @Nullable Object>> data = models.map(
                        model -> entry(model, gateway.available(admission, model)))
                .toList();
        exchange.json(200, Map.of("object", "list", "data", data));
    }

    private static InvalidRequestException unknownModality() {
        String all = Stream.of(Modality.values()).map(Modality::wireName).collect(Collectors.joining(", "));
        return new InvalidRequestException("modality", "'modality' must be one of " + all + ".");
    }

    void one(Context ctx) {
        Exchange exchange = Exchange.of(ctx);
        Admission admission = door.admit(ctx);
        Model model = gateway.model(admission, ctx.pathParam("id"));
        exchange.json(200, entry(model, gateway.available(admission, model)));
    }

    /** A model as the list tells it. */
    static Map<String, @Nullable Object> entry(Model model, boolean available) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("id", model.id());
        entry.put("object", "model");
        entry.put("created", model.created().getEpochSecond());
        entry.put("owned_by", model.ownedBy());
        entry.put("modality", model.modality().wireName());
        entry.put("provider", providerOf(model));
        entry.put("context_window", model.contextWindow() == 0 ? null : model.contextWindow());
        Map<String, Object> pricing = pricing(model.prices());
        if (!model.variants().isEmpty()) {
            pricing.put(
                    "variants",
                    model.variants().stream().map(ModelsHandler::variant).toList());
        }
        entry.put("pricing", pricing);
        entry.put("aliases", model.aliases());
        entry.put("available", available);
        entry.put("limits", limits(model));
        if (model.retiredOn() != null) {
            entry.put("retired_on", model.retiredOn().toString());
        }
        if (model.servedBy() != null) {
            entry.put("served_by", model.servedBy());
        }
        return entry;
    }

    private static Map<String, Long> limits(Model model) {
        Map<String, Long> limits = new TreeMap<>(model.limits());
        if (model.maxOutputTokens() > 0) {
            limits.put("max_output_tokens", (long) model.maxOutputTokens());
        }
        if (!model.pictureTokens().equals(PictureTokens.USUAL)) {
            limits.put("image_tokens", model.pictureTokens().most(false));
        }
        return limits;
    }

    private static String providerOf(Model model) {
        return model.routes().getFirst().provider();
    }

    /** The price of a quality or of sizes, in the unit of the plain price. */
    private static Map<String, Object> variant(PriceVariant variant) {
        Map<String, Object> wire = new LinkedHashMap<>();
        if (variant.quality() != null) {
            wire.put("quality", variant.quality());
        }
        if (!variant.sizes().isEmpty()) {
            wire.put("sizes", variant.sizes().stream().sorted().toList());
        }
        if (variant.abovePixels() > 0) {
            wire.put("above_pixels", variant.abovePixels());
        }
        wire.putAll(pricing(variant.prices()));
        wire.remove("unit");
        return wire;
    }

    /** Prices as they are written: per million tokens, per second, per image, per character or per request. */
    private static Map<String, Object> pricing(PriceList prices) {
        Measure measure = prices.rates().entrySet().stream()
                .filter(rate -> rate.getKey() != Unit.REQUESTS)
                .filter(rate -> rate.getValue() > 0 || !prices.rates().containsKey(Unit.REQUESTS))
                .map(rate -> rate.getKey().measure())
                .findFirst()
                .orElse(Measure.REQUESTS);
        Map<String, Object> pricing = new LinkedHashMap<>();
        pricing.put("unit", measure.wireName());
        for (Unit unit : prices.rates().keySet()) {
            Credits price = prices.price(unit);
            if (price != null && (unit.measure() == measure || unit == Unit.REQUESTS)) {
                pricing.put(unit.priceName(), price.toString());
            }
        }
        return pricing;
    }
}
