package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.Page;
import io.synapse.gateway.http.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers with lists: {@code {"data": […], "next": cursor}}, or a CSV file whose header {@code X-Next-Cursor} tells it. */
final class Lists {
    private Lists() {}

    /** A whole list, in one page. */
    static <T> void json(Context ctx, List<T> all, Function<T, Map<String, @Nullable Object>> view) {
        json(ctx, new Page<>(all, null), view);
    }

    static <T> void json(Context ctx, Page<T> page, Function<T, Map<String, @Nullable Object>> view) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("data", page.data().stream().map(view).toList());
        body.put("next", page.next());
        Exchange.of(ctx).json(200, body);
    }

    /** A page as JSON or CSV, whichever was asked for. */
    static <T> void either(
            Context ctx,
            String name,
            List<String> columns,
            Page<T> page,
            Function<T, Map<String, @Nullable Object>> view) {
        if (!new Params(ctx).isCsv()) {
            json(ctx, page, view);
            return;
        }
        if (page.next() != null) {
            ctx.header("X-Next-Cursor", page.next());
        }
        ctx.header("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
        ctx.status(200)
                .contentType("text/csv; charset=utf-8")
                .result(Csv.of(columns, page.data().stream().map(view).toList()));
    }
}
