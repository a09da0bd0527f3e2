package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.LedgerHistory;
import io.synapse.gateway.billing.UsageReports;
import io.synapse.gateway.billing.UsageTotal;
import java.util.Locale;

/** {@code GET /usage} and {@code GET /ledger}. */
final class ReportsHandler {
    private final UsageReports reports;
    private final LedgerHistory history;

    ReportsHandler(UsageReports reports, LedgerHistory history) {
        this.reports = reports;
        this.history = history;
    }

    void usage(Visitor visitor, Context ctx) {
        Params params = new Params(ctx);
        String group = params.text("group");
        if (group == null) {
            Lists.either(
                    ctx,
                    "usage",
                    Views.RECORD_COLUMNS,
                    reports.records(visitor.id(), params.filter(), params.cursor(), params.limit()),
                    Views::record);
            return;
        }
        UsageTotal.By by = switch (group) {
            case "day", "model", "key", "project" -> UsageTotal.By.valueOf(group.toUpperCase(Locale.ROOT));
            default -> throw Fields.wrong("group", "must be day, model, key or project");
        };
        Lists.either(
                ctx,
                "usage-by-" + group,
                Views.totalColumns(by),
                reports.totals(visitor.id(), by, params.boundedFilter(), params.cursor(), params.limit()),
                total -> Views.total(by, total));
    }

    void ledger(Visitor visitor, Context ctx) {
        Params params = new Params(ctx);
        Lists.either(
                ctx,
                "ledger",
                Views.ENTRY_COLUMNS,
                history.entries(visitor.id(), params.filter(), params.cursor(), params.limit()),
                Views::entry);
    }
}
