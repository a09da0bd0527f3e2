package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.AuditLog;
import io.synapse.gateway.billing.TopUpCodes;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.Exchange;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Operators' accounts, credits, codes and audit log. */
final class OperatorHandler {
    private static final Credits MOST = Credits.of(1_000_000_000);
    private static final int LONGEST_REASON = 200;

    private final AuditLog log;

    OperatorHandler(AuditLog log) {
        this.log = log;
    }

    void accounts(Visitor visitor, Context ctx) {
        Params params = new Params(ctx);
        Lists.json(
                ctx,
                visitor.desk().accounts().list(params.text("email"), params.cursor(), params.limit()),
                Views::account);
    }

    void grant(Visitor visitor, Context ctx) {
        Fields fields = Fields.of(ctx);
        Credits amount = fields.requiredCredits("amount", MOST);
        String reason = fields.required("reason", LONGEST_REASON).strip();
        String account = ctx.pathParam("id");
        Credits balance = visitor.desk()
                .accounts()
                .grant(account, amount, reason)
                .orElseThrow(() -> Refusals.refusal(404, "not_found", "There is no such account."));
        Exchange.of(ctx).json(200, Map.of("id", account, "amount", amount.toString(), "credits", balance.toString()));
    }

    /** A single code as {@code code}, and as {@code codes} where a number was asked for. */
    void codes(Visitor visitor, Context ctx) {
        Fields fields = Fields.of(ctx);
        Credits credits = fields.requiredCredits("credits", MOST);
        Integer count = fields.integer("count", 1, TopUpCodes.MOST_AT_ONCE);
        Instant expiresAt = fields.future("expires_at");
        List<String> codes = visitor.desk().codes().create(credits, count == null ? 1 : count, expiresAt);
        Map<String, Object> body = new LinkedHashMap<>();
        if (codes.size() == 1) {
            body.put("code", codes.getFirst());
        }
        if (count != null) {
            body.put("codes", codes);
        }
        body.put("credits", credits.toString());
        Exchange.of(ctx).json(201, body);
    }

    void audit(Visitor visitor, Context ctx) {
        Params params = new Params(ctx);
        Lists.json(ctx, log.events(params.cursor(), params.limit()), Views::event);
    }
}
