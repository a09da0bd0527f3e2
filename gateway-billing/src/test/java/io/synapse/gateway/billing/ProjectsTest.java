package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Credits;
import java.sql.SQLException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProjectsTest {
    private static TestDatabase database;

    private final Projects projects = database.billing.projects();
    private final Keys keys = database.billing.keys();

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(ProjectsTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void projects_are_listed_with_their_rules() {
        Account account = database.account(0);
        Project plain = projects.create(account.id(), "plain", null, null);
        Project strict = projects.create(
                account.id(), "strict", new SpendCap(Credits.parse("12.5"), SpendCap.Period.TOTAL), Set.of("a", "b"));
        Project none = projects.create(account.id(), "none", null, Set.of());

        assertThat(projects.list(account.id()))
                .element(0)
                .satisfies(first -> assertThat(first.isDefault()).isTrue());
        assertThat(projects.list(account.id()).subList(1, 4)).containsExactly(plain, strict, none);
        assertThat(strict.cap()).isEqualTo(new SpendCap(Credits.parse("12.5"), SpendCap.Period.TOTAL));
        assertThat(plain.allowedModels()).isNull();
        assertThat(none.allowedModels()).isEmpty();
        assertThatThrownBy(() -> projects.create(account.id(), " ", null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> projects.create("nobody", "p", null, null)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void a_project_is_changed_and_its_keys_know_at_once() {
        Account account = database.account(0);
        Project project = projects.create(account.id(), "p", null, null);
        String secret = keys.create(account.id(), new KeyRequest("", project.id(), false, null, 0))
                .secret();
        assertThat(database.billing
                        .authenticator()
                        .authenticate(secret)
                        .orElseThrow()
                        .allowedModels())
                .isNull();
        SpendCap cap = new SpendCap(Credits.of(3), SpendCap.Period.MONTH);

        Project changed = projects.update(account.id(), project.id(), "q", cap, Set.of("m"))
                .orElseThrow();

        assertThat(changed.name()).isEqualTo("q");
        assertThat(changed.cap()).isEqualTo(cap);
        assertThat(projects.find(account.id(), project.id())).contains(changed);
        assertThat(database.billing
                        .authenticator()
                        .authenticate(secret)
                        .orElseThrow()
                        .allowedModels())
                .containsExactly("m");
        assertThat(projects.update(database.account(0).id(), project.id(), "x", null, null))
                .isEmpty();
        assertThat(projects.update(account.id(), "nonsense", "x", null, null)).isEmpty();
        assertThat(projects.update(account.id(), account.defaultProject(), "Main", null, null)
                        .orElseThrow()
                        .name())
                .isEqualTo("Main");
        assertThatThrownBy(() -> projects.update(account.id(), account.defaultProject(), "Main", cap, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_deleted_project_is_gone_and_its_keys_are_revoked() {
        Account account = database.account(0);
        Project project = projects.create(account.id(), "p", null, null);
        KeyRequest request = new KeyRequest("", project.id(), false, null, 0);
        String secret = keys.create(account.id(), request).secret();
        assertThat(database.billing.authenticator().authenticate(secret)).isPresent();

        assertThat(projects.delete(database.account(0).id(), project.id())).isFalse();
        assertThat(projects.delete(account.id(), project.id())).isTrue();

        assertThat(projects.delete(account.id(), project.id())).isFalse();
        assertThat(projects.list(account.id())).extracting(Project::id).containsExactly(account.defaultProject());
        assertThat(database.billing.authenticator().authenticate(secret)).isEmpty();
        assertThat(keys.list(account.id()).getFirst().revokedAt()).isNotNull();
        assertThatThrownBy(() -> keys.create(account.id(), request)).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> projects.delete(account.id(), account.defaultProject()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_holds_nothing_that_cannot_be_shown() {
        Account account = database.account(0);
        for (String wrong : List.of("a\u0000b", "a\nb", "x".repeat(201))) {
            assertThatThrownBy(() -> projects.create(account.id(), wrong, null, null))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> keys.create(account.id(), KeyRequest.live(wrong)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
