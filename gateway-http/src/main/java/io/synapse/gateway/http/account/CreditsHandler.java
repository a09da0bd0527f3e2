package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.Redemption;
import io.synapse.gateway.http.Exchange;
import java.util.Map;

/** {@code POST /redeem} and {@code POST /test-credits}. */
final class CreditsHandler {
    private static final int LONGEST_CODE = 100;

    void redeem(Visitor visitor, Context ctx) {
        String code = Fields.of(ctx).required("code", LONGEST_CODE);
        switch (visitor.desk().codes().redeem(visitor.account(), code)) {
            case Redemption.Redeemed redeemed ->
                Exchange.of(ctx)
                        .json(
                                200,
                                Map.of(
                                        "amount", redeemed.amount().toString(),
                                        "credits", redeemed.available().toString()));
            case Redemption.Unknown unknown ->
                throw Refusals.ofField(
                        404, "code_not_found", "There is no such code. Check how it is written.", "code");
            case Redemption.UsedUp usedUp ->
                throw Refusals.ofField(
                        409, "code_redeemed", "This code was redeemed before. A code works once.", "code");
            case Redemption.Expired expired ->
                throw Refusals.ofField(410, "code_expired", "This code is no longer valid.", "code");
        }
    }

    void refill(Visitor visitor, Context ctx) {
        Exchange.of(ctx)
                .json(
                        200,
                        Map.of(
                                "test_credits",
                                visitor.desk()
                                        .accounts()
                                        .refillTestCredits(visitor.account())
                                        .toString()));
    }
}
