package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.testkit.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is signed in, for how long, and how often one may try. */
class SessionsTest {
    private static final String HOME = "127.0.0.1";
    private static final String ABROAD = "8.8.4.4";

    private static TestDatabase database;

    private final Sessions sessions = database.billing.sessions();
    private final ManualClock clock = new ManualClock(Instant.now());
    private final LoginThrottle throttle = new LoginThrottle(database.database, clock);
    private final String email = UUID.randomUUID() + "@example.com";

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(SessionsTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_session_is_known_by_its_secret_and_only_its_hash_is_kept() {
        Account account = database.account(0);
        OpenedSession opened = sessions.open(account);

        Session found = sessions.find(opened.secret()).orElseThrow();
        assertThat(found.account()).isEqualTo(account);
        assertThat(found.csrfToken()).isEqualTo(opened.session().csrfToken()).isNotEqualTo(opened.secret());
        assertThat(found.hasCsrfToken(found.csrfToken())).isTrue();
        assertThat(found.hasCsrfToken("")).isFalse();
        assertThat(found.hasCsrfToken(sessions.open(account).session().csrfToken()))
                .isFalse();
        assertThat(opened.toString() + found).doesNotContain(opened.secret(), found.csrfToken());
        assertThat(database.number("SELECT count(*) FROM synapse.session s WHERE s::text LIKE '%" + opened.secret()
                        + "%' OR s::text LIKE '%" + found.csrfToken() + "%'"))
                .isZero();
    }

    @Test
    void a_closed_session_is_over_and_others_go_on() {
        Account account = database.account(0);
        OpenedSession one = sessions.open(account);
        OpenedSession other = sessions.open(account);

        sessions.close(one.secret());
        sessions.close(one.secret());
        sessions.close("nonsense");

        assertThat(sessions.find(one.secret())).isEmpty();
        assertThat(sessions.find(other.secret())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"last_used = last_used - interval '12 hours'", "created = created - interval '7 days'"})
    void a_session_ends_by_itself(String passed) throws SQLException {
        OpenedSession old = sessions.open(database.account(0));
        database.execute("UPDATE session SET " + passed);
        OpenedSession fresh = sessions.open(database.account(0));

        assertThat(sessions.find(old.secret())).isEmpty();
        sessions.cleanUp();
        assertThat(database.number("SELECT count(*) FROM synapse.session")).isEqualTo(1);
        assertThat(sessions.find(fresh.secret())).isPresent();
    }

    @Test
    void a_session_that_is_used_lives_on() throws SQLException {
        OpenedSession opened = sessions.open(database.account(0));
        for (int i = 0; i < 3; i++) {
            database.execute("UPDATE session SET last_used = last_used - interval '11 hours'");
            assertThat(sessions.find(opened.secret())).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "'; DROP TABLE session; --", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void nonsense_is_nobodys_session(String secret) {
        assertThat(sessions.find(secret)).isEmpty();
    }

    @Test
    void five_attempts_for_an_account_and_then_no_more_for_a_quarter_of_an_hour() {
        for (int i = 0; i < LoginThrottle.MOST; i++) {
            throttle.admit(i % 2 == 0 ? email : " " + email.toUpperCase(java.util.Locale.ROOT), HOME);
            clock.advance(Duration.ofMinutes(1));
        }
        assertThatThrownBy(() -> throttle.admit(email, ABROAD))
                .isInstanceOfSatisfying(
                        TooManyAttemptsException.class,
                        refused -> assertThat(refused.retryAfter())
                                .isBetween(
                                        Duration.ofMinutes(10),
                                        Duration.ofMinutes(10).plusMillis(1)));
        throttle.admit("another" + email, HOME);

        clock.advance(Duration.ofMinutes(10));
        throttle.admit(email, HOME);
        assertThatThrownBy(() -> throttle.admit(email, HOME)).isInstanceOf(TooManyAttemptsException.class);
    }

    @Test
    void whoever_signs_in_has_all_attempts_again() {
        for (int round = 0; round < 3; round++) {
            for (int i = 1; i < LoginThrottle.MOST; i++) {
                throttle.admit(email, HOME);
                clock.advance(Duration.ofMillis(1));
            }
            throttle.succeeded(throttle.admit(email, HOME));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.9.9.9", "2600:1:2:3:4:5:6:7", "[2600:1:2:4::1]"})
    void five_attempts_from_an_address_whatever_the_account(String address) {
        for (int i = 0; i < LoginThrottle.MOST; i++) {
            throttle.admit(i + email, address);
            clock.advance(Duration.ofMillis(1));
        }
        assertThatThrownBy(() -> throttle.admit("new" + email, address)).isInstanceOf(TooManyAttemptsException.class);
        throttle.admit("new" + email, ABROAD);
    }

    @Test
    void attempts_that_succeed_are_not_held_against_an_address() {
        for (int i = 0; i < 2 * LoginThrottle.MOST; i++) {
            throttle.succeeded(throttle.admit(i + email, "8.8.8.8"));
            clock.advance(Duration.ofMillis(1));
        }
    }

    @Test
    void an_address_next_door_may_be_a_proxy_and_stands_for_nobody() {
        for (String address : List.of(HOME, "10.1.2.3", "::1", "not an address")) {
            for (int i = 0; i <= LoginThrottle.MOST; i++) {
                throttle.admit(address + i + email, address);
            }
        }
    }

    @Test
    void five_sign_ups_from_an_address_and_then_no_more_for_a_quarter_of_an_hour() {
        for (int i = 0; i < LoginThrottle.MOST; i++) {
            throttle.admitSignUp("2600:a:b:c::" + i);
            clock.advance(Duration.ofMinutes(1));
        }
        assertThatThrownBy(() -> throttle.admitSignUp("2600:a:b:c:d::1")).isInstanceOf(TooManyAttemptsException.class);
        throttle.admitSignUp(ABROAD);
        throttle.admit(email, "2600:a:b:c::1");
        clock.advance(Duration.ofMinutes(10));
        throttle.admitSignUp("2600:a:b:c::1");
        for (int i = 0; i <= LoginThrottle.MOST; i++) {
            throttle.admitSignUp(HOME);
        }
    }

    @Test
    void of_many_attempts_at_once_no_more_than_five_get_through() throws Exception {
        List<Callable<Boolean>> attempts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // Each at a time of its own, as clocks have them.
            ManualClock own = new ManualClock(clock.instant().plusMillis(i));
            attempts.add(() -> {
                try {
                    new LoginThrottle(database.database, own).admit(email, HOME);
                    return true;
                } catch (TooManyAttemptsException e) {
                    return false;
                }
            });
        }
        int through = 0;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> one : callers.invokeAll(attempts)) {
                through += one.get() ? 1 : 0;
            }
        }
        assertThat(through).isEqualTo(LoginThrottle.MOST);
    }

    @Test
    void old_attempts_are_cleaned_up() throws SQLException {
        throttle.admit(email, HOME);
        database.execute("UPDATE login_attempts SET latest = latest - interval '1 hour'");
        sessions.cleanUp();
        assertThat(database.number("SELECT count(*) FROM synapse.login_attempts"))
                .isZero();
    }
}
