package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TopUpCodesTest {
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final TopUpCodes codes = database.billing.codes();
    private final CreditLedger ledger = database.billing.ledger();
    private final Account account = database.account(1_000_000);

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(TopUpCodesTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_code_brings_its_credits_once() {
        String code = codes.create(Credits.of(20), 1, null).getFirst();

        assertThat(codes.redeem(account, code)).isEqualTo(new Redemption.Redeemed(Credits.of(20), Credits.of(21)));
        assertThat(codes.redeem(account, code)).isEqualTo(new Redemption.UsedUp());
        assertThat(codes.redeem(database.account(0), code)).isEqualTo(new Redemption.UsedUp());
        assertThat(ledger.available(account.wallet())).isEqualTo(Credits.of(21));
    }

    @Test
    void a_code_may_be_typed_from_paper() {
        String code = codes.create(Credits.of(20), 1, null).getFirst();
        assertThat(code).matches("SG(-[0-9A-HJKMNP-TV-Z]{5}){5}");

        String typed = " "
                + code.toLowerCase(Locale.ROOT)
                        .replace('-', ' ')
                        .replace('0', 'o')
                        .replace('1', 'l');
        assertThat(codes.redeem(account, typed)).isInstanceOf(Redemption.Redeemed.class);
    }

    @Test
    void codes_are_made_in_bulk_and_kept_as_hashes() {
        List<String> many = codes.create(Credits.parse("0.5"), 50, Instant.now().plusSeconds(600));

        assertThat(many).hasSize(50).doesNotHaveDuplicates();
        assertThat(codes.redeem(account, many.getLast())).isInstanceOf(Redemption.Redeemed.class);
        assertThat(database.number(
                        "SELECT count(*) FROM synapse.top_up_code c WHERE c::text LIKE '%" + many.getFirst() + "%'"))
                .isZero();
        for (int wrong : new int[] {0, -1, TopUpCodes.MOST_AT_ONCE + 1}) {
            assertThatThrownBy(() -> codes.create(Credits.of(1), wrong, null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> codes.create(Credits.ZERO, 1, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_code_that_is_unknown_or_too_late_brings_nothing() {
        String late =
                codes.create(Credits.of(20), 1, Instant.now().minusSeconds(1)).getFirst();

        assertThat(codes.redeem(account, late)).isEqualTo(new Redemption.Expired());
        for (String unknown : List.of("", "SG", "x".repeat(5000), "SG-00000-00000-00000-00000-00000")) {
            assertThat(codes.redeem(account, unknown)).isEqualTo(new Redemption.Unknown());
        }
        assertThat(ledger.available(account.wallet())).isEqualTo(Credits.of(1));
    }

    @Test
    void of_many_who_bring_a_code_at_once_one_gets_its_credits() throws Exception {
        String code = codes.create(Credits.of(20), 1, null).getFirst();
        List<Account> accounts = new ArrayList<>();
        List<Callable<Redemption>> callers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Account one = i % 2 == 0 ? account : database.account(0);
            accounts.add(one);
            callers.add(() -> codes.redeem(one, code));
        }
        List<Redemption> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Redemption> outcome : threads.invokeAll(callers)) {
                outcomes.add(outcome.get());
            }
        }
        assertThat(outcomes).filteredOn(Redemption.Redeemed.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Redemption.UsedUp.class::isInstance).hasSize(9);
        long others = accounts.stream()
                .filter(one -> !one.equals(account))
                .mapToLong(one -> ledger.available(one.wallet()).micros())
                .sum();
        assertThat(others + ledger.available(account.wallet()).micros())
                .isEqualTo(Credits.of(21).micros());
    }

    @Test
    void the_database_refuses_to_use_a_code_again() {
        codes.redeem(account, codes.create(Credits.of(20), 1, null).getFirst());

        for (String sql : List.of(
                "UPDATE top_up_code SET redeemed_at = null, redeemed_by = null, redemption = null"
                        + " WHERE redeemed_at IS NOT NULL",
                "UPDATE top_up_code SET credits = credits + 1")) {
            assertThatThrownBy(() -> database.execute(sql)).isInstanceOf(SQLException.class);
        }
    }
}
