package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Credits;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every change leaves a line, and no line can be changed without its showing. */
class AuditLogTest {
    private TestDatabase database;
    private AuditLog log;

    @BeforeEach
    void open() throws SQLException {
        database = new TestDatabase(AuditLogTest.class);
        log = database.billing.auditLog();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void every_change_says_who_made_it_and_from_where() {
        Account account = database.account(0);
        Desk desk = database.billing.by(new Actor(account.id(), "192.0.2.1", "req_1"));
        Project project = desk.projects().create(account.id(), "p", null, null);
        desk.projects().update(account.id(), project.id(), "q", null, Set.of("m"));
        IssuedKey key = desk.keys().create(account.id(), new KeyRequest("k", project.id(), false, null, 0));
        desk.keys().revoke(account.id(), key.key().id());
        desk.keys().revoke(account.id(), key.key().id());
        desk.projects().delete(account.id(), project.id());
        desk.projects().delete(account.id(), project.id());
        desk.codes().redeem(account, desk.codes().create(Credits.of(5), 1, null).getFirst());
        desk.accounts().grant(account.id(), Credits.of(5), "a gift");
        desk.switches().set("some-model", false);
        desk.switches().set("some-model", false);
        desk.switches().set("some-model", true);
        OpenedSession session = desk.sessions().open(account);
        desk.sessions().close(session.secret());

        List<AuditEvent> events = log.events(null, 100).data();
        assertThat(events.reversed())
                .extracting(AuditEvent::action)
                .containsExactly(
                        "account.create",
                        "project.create",
                        "project.change",
                        "key.create",
                        "key.revoke",
                        "project.delete",
                        "codes.create",
                        "code.redeem",
                        "credits.grant",
                        "model.off",
                        "model.on",
                        "session.open",
                        "session.close");
        assertThat(events.subList(0, 12)).allSatisfy(event -> {
            assertThat(event.actor()).isEqualTo(account.id());
            assertThat(event.address()).isEqualTo("192.0.2.1");
            assertThat(event.requestId()).isEqualTo("req_1");
        });
        assertThat(events.getLast().actor()).isNull();
        assertThat(events.toString()).doesNotContain(key.secret(), session.secret());
        assertThat(events.get(4).detail()).isEqualTo("5: a gift");
        assertThat(log.verify()).isEmpty();
    }

    @Test
    void the_log_is_read_in_pages() {
        for (int i = 0; i < 5; i++) {
            database.account(0);
        }
        List<Long> numbers = new ArrayList<>();
        String cursor = null;
        do {
            Page<AuditEvent> page = log.events(cursor, 2);
            page.data().forEach(event -> numbers.add(event.number()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(numbers).containsExactly(5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void lines_of_many_at_once_form_one_chain() throws Exception {
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Account>> all = Collections.nCopies(12, 0).stream()
                    .map(zero -> writers.submit(() -> database.account(zero)))
                    .toList();
            for (Future<Account> one : all) {
                one.get();
            }
        }
        assertThat(log.events(null, 100).data()).hasSize(12);
        assertThat(log.verify()).isEmpty();
    }

    @Test
    void a_stranger_can_recompute_the_chain() throws Exception {
        database.account(0);
        Account account = database.account(0);
        database.billing
                .by(new Actor(account.id(), "192.0.2.1", null))
                .accounts()
                .grant(account.id(), Credits.of(1), "ümlaut");

        byte[] previous = new byte[32];
        for (AuditEvent event : log.events(null, 100).data().reversed()) {
            StringBuilder line = new StringBuilder();
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, event.at());
            long id = event.number();
            String uuid = database.text("SELECT id FROM synapse.audit_event WHERE number = " + id);
            @Nullable
            String[] fields = {
                Long.toString(id),
                uuid,
                Long.toString(micros),
                event.actor(),
                event.address(),
                event.requestId(),
                event.action(),
                event.target(),
                event.detail()
            };
            for (String field : fields) {
                line.append(line.isEmpty() ? "" : ",")
                        .append(field == null ? "-" : field.getBytes(StandardCharsets.UTF_8).length + ":" + field);
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            previous = digest.digest(line.toString().getBytes(StandardCharsets.UTF_8));
            assertThat(HexFormat.of().formatHex(previous)).isEqualTo(event.hash());
        }
    }

    @Test
    void the_database_refuses_to_change_the_log() {
        database.account(0);
        for (String sql : List.of(
                "UPDATE audit_event SET detail = 'nothing'",
                "DELETE FROM audit_event",
                "TRUNCATE audit_event",
                "UPDATE audit_head SET number = 7",
                "DELETE FROM audit_head")) {
            assertThatThrownBy(() -> database.execute(sql))
                    .as(sql)
                    .isInstanceOf(SQLException.class)
                    .satisfies(e -> assertThat(((SQLException) e).getSQLState()).startsWith("23"));
        }
        assertThat(log.verify()).isEmpty();
    }

    @Test
    void a_change_behind_the_triggers_shows() throws SQLException {
        for (int i = 0; i < 3; i++) {
            database.account(0);
        }
        database.execute("ALTER TABLE audit_event DISABLE TRIGGER USER");
        database.execute("UPDATE audit_event SET detail = 'nothing' WHERE number = 2");
        assertThat(log.verify()).singleElement().asString().contains("line 2");

        database.execute("DELETE FROM audit_event WHERE number = 2");
        assertThat(log.verify()).singleElement().asString().contains("line 3");

        database.execute("DELETE FROM audit_event WHERE number = 3");
        assertThat(log.verify()).singleElement().asString().contains("ends with line 1");
    }

    @Test
    void what_is_refused_leaves_no_line() {
        Account account = database.account(0);
        assertThatThrownBy(() ->
                        database.billing.accounts().create(account.email(), "", Account.Role.USER, null, Credits.ZERO))
                .isInstanceOf(EmailTakenException.class);
        assertThat(database.billing.keys().revoke(account.id(), account.id())).isFalse();
        database.billing.codes().redeem(account, "SG-00000-00000-00000-00000-00000");

        assertThat(log.events(null, 10).data()).hasSize(1);
    }
}
