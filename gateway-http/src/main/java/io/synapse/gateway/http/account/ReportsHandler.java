package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.LedgerHistory;
import io.synapse.gateway.billing.Project;
import io.synapse.gateway.billing.StoredKey;
import io.synapse.gateway.billing.UsageRecord;
import io.synapse.gateway.billing.UsageReports;
import io.synapse.gateway.billing.UsageTotal;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.http.Exchange;
import java.util.Locale;
import java.util.Optional;

/** {@code GET /usage}, {@code GET /usage/{request id}} and {@code GET /ledger}. */
final class ReportsHandler {
    private final UsageReports reports;
    private final LedgerHistory history;
    private final CreditLedger charges;

    ReportsHandler(UsageReports reports, LedgerHistory history, CreditLedger charges) {
        this.reports = reports;
        this.history = history;
        this.charges = charges;
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

    /** One call's receipt, of whichever of the account's balances paid for it. */
    void one(Visitor visitor, Context ctx) {
        String requestId = ctx.pathParam("id");
        UsageRecord record = record(visitor, requestId, false)
                .or(() -> record(visitor, requestId, true))
                .orElseThrow(() -> Refusals.notFound("request"));
        Exchange.of(ctx).json(200, Views.record(record));
    }

    private Optional<UsageRecord> record(Visitor visitor, String requestId, boolean test) {
        Account account = visitor.account();
        return charges.find(test ? account.testWallet() : account.wallet(), requestId)
                .map(charge -> new UsageRecord(
                        charge,
                        test,
                        visitor.desk().keys().list(visitor.id()).stream()
                                .filter(key -> key.id().equals(charge.key()))
                                .findFirst()
                                .map(StoredKey::name)
                                .orElse(null),
                        visitor.desk()
                                .projects()
                                .find(visitor.id(), charge.project())
                                .map(Project::name)
                                .orElse(null)));
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
