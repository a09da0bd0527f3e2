package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.IssuedKey;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.http.Exchange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** {@code GET, POST /keys} and {@code DELETE /keys/{id}}. */
final class KeysHandler {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_ID = 100;
    private static final int MOST_PER_MINUTE = 1_000_000;

    void list(Visitor visitor, Context ctx) {
        Lists.json(ctx, visitor.desk().keys().list(visitor.id()), Views::key);
    }

    void create(Visitor visitor, Context ctx) {
        Fields fields = Fields.of(ctx);
        Integer perMinute = fields.integer("requests_per_minute", 1, MOST_PER_MINUTE);
        KeyRequest request = new KeyRequest(
                fields.required("name", LONGEST_NAME),
                fields.string("project_id", LONGEST_ID),
                Boolean.TRUE.equals(fields.bool("test")),
                fields.future("expires_at"),
                perMinute == null ? 0 : perMinute);
        IssuedKey issued;
        try {
            issued = visitor.desk().keys().create(visitor.id(), request);
        } catch (NoSuchElementException e) {
            throw Refusals.notFound("project");
        }
        Map<String, @Nullable Object> view = new LinkedHashMap<>(Views.key(issued.key()));
        view.put("key", issued.secret());
        Exchange.of(ctx).json(201, view);
    }

    void revoke(Visitor visitor, Context ctx) {
        if (!visitor.desk().keys().revoke(visitor.id(), ctx.pathParam("id"))) {
            throw Refusals.notFound("key");
        }
        ctx.status(204);
    }
}
