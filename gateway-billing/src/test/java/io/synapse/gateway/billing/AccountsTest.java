package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.identity.ApiKey;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final Accounts accounts = database.billing.accounts();
    private final Keys keys = database.billing.keys();
    private final Projects projects = database.billing.projects();
    private final CreditLedger ledger = database.billing.ledger();

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(AccountsTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_new_account_has_all_that_it_needs() {
        String email = email();
        Account account = accounts.create(" " + email + " ", "Ada", Account.Role.USER, "secret", Credits.of(1_000));

        assertThat(account.email()).isEqualTo(email);
        assertThat(account.role()).isEqualTo(Account.Role.USER);
        assertThat(ledger.available(account.wallet())).isEqualTo(Credits.of(1_000));
        assertThat(ledger.available(account.testWallet())).isEqualTo(Credits.of(1_000_000));
        assertThat(projects.list(account.id())).singleElement().satisfies(project -> {
            assertThat(project.id()).isEqualTo(account.defaultProject());
            assertThat(project.isDefault()).isTrue();
        });
        assertThat(accounts.find(account.id())).contains(account);
        assertThat(accounts.findByEmail(email.toUpperCase(java.util.Locale.ROOT)))
                .contains(account);
    }

    @Test
    void an_account_may_start_with_nothing() {
        Account account = database.account(0);

        assertThat(ledger.available(account.wallet())).isEqualTo(Credits.ZERO);
    }

    @Test
    void an_email_is_taken_once_in_whatever_case() {
        String email = email();
        accounts.create(email, "", Account.Role.USER, null, Credits.of(1));

        assertThatThrownBy(() -> accounts.create(
                        email.toUpperCase(java.util.Locale.ROOT), "", Account.Role.USER, null, Credits.of(1)))
                .isInstanceOf(EmailTakenException.class);
    }

    @Test
    void of_many_who_want_the_same_email_one_gets_it() throws Exception {
        String email = email();
        int made = 0;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Account>> all = IntStream.range(0, 8)
                    .mapToObj(i ->
                            callers.submit(() -> accounts.create(email, "", Account.Role.USER, null, Credits.of(1))))
                    .toList();
            for (Future<Account> one : all) {
                try {
                    one.get();
                    made++;
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(EmailTakenException.class);
                }
            }
        }
        assertThat(made).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ada", "@example.com", "ada@", "a@b@c", "ada lovelace@example.com", "ada@exa\nmple.com"})
    void an_email_has_the_form_of_one(String email) {
        assertThatThrownBy(() -> accounts.create(email, "", Account.Role.USER, null, Credits.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void one_signs_in_with_email_and_password_only() {
        String email = email();
        Account account = accounts.create(email, "", Account.Role.OPERATOR, "secret", Credits.ZERO);
        Account nobody = database.account(0);

        assertThat(accounts.signIn(email, "secret")).contains(account);
        assertThat(accounts.signIn(email, "Secret")).isEmpty();
        assertThat(accounts.signIn("x" + email, "secret")).isEmpty();
        assertThat(accounts.signIn(nobody.email(), "")).isEmpty();
        assertThat(accounts.signIn(nobody.email(), "secret")).isEmpty();
    }

    @Test
    void what_is_not_there_is_not_found() {
        assertThat(accounts.find("not even a uuid")).isEmpty();
        assertThat(accounts.find(UUID.randomUUID().toString())).isEmpty();
        assertThat(accounts.findByEmail("nobody@example.com")).isEmpty();
        assertThat(projects.list(UUID.randomUUID().toString())).isEmpty();
        assertThat(keys.list("nobody")).isEmpty();
    }

    @Test
    void a_key_is_shown_once_and_kept_as_its_hash() {
        Account account = database.account(0);
        Instant expiry = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);

        IssuedKey issued = keys.create(account.id(), new KeyRequest("mine", null, true, expiry, 5));

        assertThat(issued.secret()).startsWith("mmg_test_");
        assertThat(issued.toString()).doesNotContain(issued.secret());
        assertThat(issued.key().display()).isEqualTo(ApiKey.display(issued.secret()));
        assertThat(issued.key().expiresAt()).isEqualTo(expiry);
        assertThat(issued.key().requestsPerMinute()).isEqualTo(5);
        assertThat(keys.list(account.id())).containsExactly(issued.key());
        assertThat(database.number(
                        "SELECT count(*) FROM synapse.api_key k WHERE k::text LIKE '%" + issued.secret() + "%'"))
                .isZero();
    }

    @Test
    void a_key_belongs_to_a_project_of_its_account() {
        Account account = database.account(0);
        Account other = database.account(0);
        Project project =
                projects.create(other.id(), "theirs", new SpendCap(Credits.of(5), SpendCap.Period.MONTH), Set.of("m"));

        assertThat(keys.create(other.id(), new KeyRequest("", project.id(), false, null, 0))
                        .key()
                        .project())
                .isEqualTo(project.id());
        assertThatThrownBy(() -> keys.create(account.id(), new KeyRequest("", project.id(), false, null, 0)))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> keys.create("nobody", KeyRequest.live(""))).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void a_key_is_revoked_by_its_account_only() {
        Account account = database.account(0);
        StoredKey key = keys.create(account.id(), KeyRequest.live("")).key();

        assertThat(keys.revoke(database.account(0).id(), key.id())).isFalse();
        assertThat(keys.revoke(account.id(), UUID.randomUUID().toString())).isFalse();
        assertThat(keys.revoke(account.id(), "nonsense")).isFalse();
        assertThat(keys.list(account.id()).getFirst().revokedAt()).isNull();

        assertThat(keys.revoke(account.id(), key.id())).isTrue();
        Instant revoked = keys.list(account.id()).getFirst().revokedAt();
        assertThat(revoked).isNotNull();
        assertThat(keys.revoke(account.id(), key.id())).isTrue();
        assertThat(keys.list(account.id()).getFirst().revokedAt()).isEqualTo(revoked);
    }

    @Test
    void a_chosen_key_is_made_once_and_stays_as_it_is() {
        Account account = database.account(0);
        String secret = "mmg_test_" + UUID.randomUUID();

        assertThat(keys.ensure(account.id(), secret, "chosen")).isTrue();
        assertThat(keys.ensure(account.id(), secret, "chosen")).isFalse();
        assertThat(database.billing
                        .authenticator()
                        .authenticate(secret)
                        .orElseThrow()
                        .test())
                .isTrue();

        keys.revoke(account.id(), keys.list(account.id()).getFirst().id());
        assertThat(keys.ensure(account.id(), secret, "chosen")).isFalse();
        assertThat(database.billing.authenticator().authenticate(secret)).isEmpty();
        assertThat(keys.list(account.id())).hasSize(1);
    }

    @Test
    void a_chosen_key_is_well_formed_and_nobody_elses() {
        Account account = database.account(0);
        String secret = "mmg_live_" + UUID.randomUUID();
        keys.ensure(database.account(0).id(), secret, "");

        for (String wrong : List.of(secret, "mg_live_" + UUID.randomUUID(), "mmg_live_short", "", "secret")) {
            assertThatThrownBy(() -> keys.ensure(account.id(), wrong, ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain(secret);
        }
    }

    @Test
    void a_model_is_switched_off_for_all_and_on_again() {
        ModelSwitches switches = database.billing.switches();
        switches.set("m", false);
        assertThat(database.billing.by(Actor.PROGRAM).switches().off()).contains("m");

        try (Billing node = Billing.open(database.pool, database.options)) {
            assertThat(node.switches().off()).isEmpty();
            node.switches().refresh();
            assertThat(node.switches().off()).contains("m");
        }
        switches.set("m", true);
        assertThat(switches.off()).doesNotContain("m");
    }

    @Test
    void test_credits_are_refilled_to_what_they_were() {
        Account account = database.account(0);
        ledger.hold(new HoldRequest(
                UUID.randomUUID(),
                "r",
                account.testWallet(),
                account.defaultProject(),
                "k",
                "m",
                Credits.of(900_000),
                Credits.of(900_000),
                Duration.ofHours(1)));

        assertThat(accounts.refillTestCredits(account)).isEqualTo(Accounts.TEST_CREDITS);
        assertThat(accounts.refillTestCredits(account)).isEqualTo(Accounts.TEST_CREDITS);
        assertThat(ledger.available(account.testWallet())).isEqualTo(Accounts.TEST_CREDITS);
    }

    private static String email() {
        return UUID.randomUUID() + "@example.com";
    }
}
