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
        assertThat(accounts.projects(account.id())).singleElement().satisfies(project -> {
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
        assertThat(accounts.projects(UUID.randomUUID().toString())).isEmpty();
        assertThat(accounts.keys("nobody")).isEmpty();
    }

    @Test
    void a_key_is_shown_once_and_kept_as_its_hash() {
        Account account = database.account(0);
        Instant expiry = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);

        IssuedKey issued = accounts.createKey(account.id(), new KeyRequest("mine", null, true, expiry, 5));

        assertThat(issued.secret()).startsWith("mmg_test_");
        assertThat(issued.toString()).doesNotContain(issued.secret());
        assertThat(issued.key().display()).isEqualTo(ApiKey.display(issued.secret()));
        assertThat(issued.key().expiresAt()).isEqualTo(expiry);
        assertThat(issued.key().requestsPerMinute()).isEqualTo(5);
        assertThat(accounts.keys(account.id())).containsExactly(issued.key());
        assertThat(database.number(
                        "SELECT count(*) FROM synapse.api_key k WHERE k::text LIKE '%" + issued.secret() + "%'"))
                .isZero();
    }

    @Test
    void a_key_belongs_to_a_project_of_its_account() {
        Account account = database.account(0);
        Account other = database.account(0);
        Project project = accounts.createProject(
                other.id(), "theirs", new SpendCap(Credits.of(5), SpendCap.Period.MONTH), Set.of("m"));

        assertThat(accounts.createKey(other.id(), new KeyRequest("", project.id(), false, null, 0))
                        .key()
                        .project())
                .isEqualTo(project.id());
        assertThatThrownBy(() -> accounts.createKey(account.id(), new KeyRequest("", project.id(), false, null, 0)))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> accounts.createKey("nobody", KeyRequest.live("")))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void a_key_is_revoked_by_its_account_only() {
        Account account = database.account(0);
        StoredKey key = accounts.createKey(account.id(), KeyRequest.live("")).key();

        assertThat(accounts.revokeKey(database.account(0).id(), key.id())).isFalse();
        assertThat(accounts.revokeKey(account.id(), UUID.randomUUID().toString()))
                .isFalse();
        assertThat(accounts.revokeKey(account.id(), "nonsense")).isFalse();
        assertThat(accounts.keys(account.id()).getFirst().revokedAt()).isNull();

        assertThat(accounts.revokeKey(account.id(), key.id())).isTrue();
        Instant revoked = accounts.keys(account.id()).getFirst().revokedAt();
        assertThat(revoked).isNotNull();
        assertThat(accounts.revokeKey(account.id(), key.id())).isTrue();
        assertThat(accounts.keys(account.id()).getFirst().revokedAt()).isEqualTo(revoked);
    }

    @Test
    void a_chosen_key_is_made_once_and_stays_as_it_is() {
        Account account = database.account(0);
        String secret = "mmg_test_" + UUID.randomUUID();

        assertThat(accounts.ensureKey(account.id(), secret, "chosen")).isTrue();
        assertThat(accounts.ensureKey(account.id(), secret, "chosen")).isFalse();
        assertThat(database.billing
                        .authenticator()
                        .authenticate(secret)
                        .orElseThrow()
                        .test())
                .isTrue();

        accounts.revokeKey(account.id(), accounts.keys(account.id()).getFirst().id());
        assertThat(accounts.ensureKey(account.id(), secret, "chosen")).isFalse();
        assertThat(database.billing.authenticator().authenticate(secret)).isEmpty();
        assertThat(accounts.keys(account.id())).hasSize(1);
    }

    @Test
    void a_chosen_key_is_well_formed_and_nobody_elses() {
        Account account = database.account(0);
        String secret = "mmg_live_" + UUID.randomUUID();
        accounts.ensureKey(database.account(0).id(), secret, "");

        for (String wrong : List.of(secret, "mg_live_" + UUID.randomUUID(), "mmg_live_short", "", "secret")) {
            assertThatThrownBy(() -> accounts.ensureKey(account.id(), wrong, ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain(secret);
        }
    }

    @Test
    void projects_are_listed_with_their_rules() {
        Account account = database.account(0);
        Project plain = accounts.createProject(account.id(), "plain", null, null);
        Project strict = accounts.createProject(
                account.id(), "strict", new SpendCap(Credits.parse("12.5"), SpendCap.Period.TOTAL), Set.of("a", "b"));
        Project none = accounts.createProject(account.id(), "none", null, Set.of());

        assertThat(accounts.projects(account.id()))
                .element(0)
                .satisfies(first -> assertThat(first.isDefault()).isTrue());
        assertThat(accounts.projects(account.id()).subList(1, 4)).containsExactly(plain, strict, none);
        assertThat(strict.cap()).isEqualTo(new SpendCap(Credits.parse("12.5"), SpendCap.Period.TOTAL));
        assertThat(plain.allowedModels()).isNull();
        assertThat(none.allowedModels()).isEmpty();
        assertThatThrownBy(() -> accounts.createProject(account.id(), " ", null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> accounts.createProject("nobody", "p", null, null))
                .isInstanceOf(NoSuchElementException.class);
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
