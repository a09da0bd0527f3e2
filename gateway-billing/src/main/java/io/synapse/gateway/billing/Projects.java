package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The accounts' projects. Safe for use by many threads.
 *
 * <p>A project is reached through its account's id: what belongs to another account is as good as not there. Where the
 * database cannot be reached, every method throws {@link io.synapse.gateway.fault.StoreUnavailableException}.
 */
public final class Projects {
    private static final String FOREIGN_KEY = "23503";

    private final Database database;
    private final PostgresKeys cache;
    private final AuditTrail audit;

    Projects(Database database, PostgresKeys cache, AuditTrail audit) {
        this.database = database;
        this.cache = cache;
        this.audit = audit;
    }

    /**
     * Creates a project.
     *
     * @param name what its owner calls it, 1 to 200 characters
     * @param cap what it may spend, or null for all that the account has
     * @param allowedModels the only models its keys may use, by public id, or null for all
     * @throws NoSuchElementException if there is no such account
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public Project create(String account, String name, @Nullable SpendCap cap, @Nullable Set<String> allowedModels) {
        requireProjectName(name);
        UUID owner = Rows.id(account).orElseThrow(Projects::noSuchAccount);
        UUID id = Ids.next();
        AuditTrail.Line line = audit.line("project.create", id);
        try {
            return database.transaction("create a project", handle -> {
                int made = rules(handle.createUpdate(database.sql("""
                    INSERT INTO synapse.project
                           (id, account, name, spend_cap, cap_period, allowed_models)
                    VALUES (:id, :account, :name, :cap, :period, :models)
                        ON CONFLICT (id) DO NOTHING
                    """)), name, cap, allowedModels)
                        .bind("id", id)
                        .bind("account", owner)
                        .execute();
                if (made == 1) {
                    line.write(handle, describe(name, cap, allowedModels));
                }
                return find(handle, owner, id).orElseThrow();
            });
        } catch (JdbiException e) {
            if (FOREIGN_KEY.equals(Database.sqlState(e))) {
                throw noSuchAccount();
            }
            throw e;
        }
    }

    private static NoSuchElementException noSuchAccount() {
        return new NoSuchElementException("no such account");
    }

    /** An account's projects, the default one first, then by age; deleted ones not. */
    public List<Project> list(String account) {
        return Rows.id(account)
                .map(owner -> database.call(
                        "list projects",
                        handle -> handle.createQuery(database.sql("""
                            SELECT * FROM synapse.project WHERE account = :account AND deleted IS NULL
                             ORDER BY is_default DESC, created, id
                            """))
                                .bind("account", owner)
                                .map((row, context) -> project(row))
                                .list()))
                .orElse(List.of());
    }

    /** One of an account's projects. */
    public Optional<Project> find(String account, String project) {
        return Rows.id(account)
                .flatMap(owner -> Rows.id(project)
                        .flatMap(id -> database.call("find a project", handle -> find(handle, owner, id))));
    }

    private Optional<Project> find(Handle handle, UUID account, UUID project) {
        return handle.createQuery(database.sql("""
            SELECT * FROM synapse.project WHERE id = :id AND account = :account AND deleted IS NULL
            """))
                .bind("id", project)
                .bind("account", account)
                .map((row, context) -> project(row))
                .findOne();
    }

    /**
     * Gives a project another name and other rules. They hold at once for caps, at once on this node for allowlists, and
     * within half a minute for allowlists on other nodes.
     *
     * @return the project as it is now, or empty if the account has none of that id
     * @throws IllegalArgumentException if the name is empty or too long, or the default project is given a cap or an
     *     allowlist
     */
    public Optional<Project> update(
            String account, String project, String name, @Nullable SpendCap cap, @Nullable Set<String> allowedModels) {
        requireProjectName(name);
        Optional<Project> known = find(account, project);
        if (known.isEmpty()) {
            return known;
        }
        if (known.get().isDefault() && (cap != null || allowedModels != null)) {
            throw new IllegalArgumentException("the default project has neither a cap nor an allowlist");
        }
        UUID id = UUID.fromString(known.get().id());
        AuditTrail.Line line = audit.line("project.change", id);
        Optional<Project> changed = database.transaction("change a project", handle -> {
            int done = rules(handle.createUpdate(database.sql("""
                UPDATE synapse.project
                   SET name = :name, spend_cap = :cap, cap_period = :period, allowed_models = :models
                 WHERE id = :id AND deleted IS NULL
                """)), name, cap, allowedModels)
                    .bind("id", id)
                    .execute();
            if (done == 1) {
                line.write(handle, describe(name, cap, allowedModels));
            }
            return find(handle, UUID.fromString(known.get().account()), id);
        });
        forgetKeys(id);
        return changed;
    }

    /**
     * Deletes a project and revokes its keys: from now on they cannot spend. What it spent stays in the reports. To
     * delete it again finds nothing.
     *
     * @return whether the account had such a project
     * @throws IllegalArgumentException if it is the account's default project
     */
    public boolean delete(String account, String project) {
        Optional<Project> known = find(account, project);
        if (known.isEmpty()) {
            return false;
        }
        if (known.get().isDefault()) {
            throw new IllegalArgumentException("the default project cannot be deleted");
        }
        UUID id = UUID.fromString(known.get().id());
        AuditTrail.Line line = audit.line("project.delete", id);
        database.transaction("delete a project", handle -> {
            int done = handle.createUpdate(database.sql("""
                UPDATE synapse.project SET deleted = clock_timestamp() WHERE id = :id AND deleted IS NULL
                """)).bind("id", id).execute();
            if (done == 1) {
                int revoked =
                        handle.createUpdate(database.sql("""
                            UPDATE synapse.api_key SET revoked_at = clock_timestamp()
                             WHERE project = :id AND revoked_at IS NULL
                            """)).bind("id", id).execute();
                line.write(handle, known.get().name() + ", keys revoked: " + revoked);
            }
            return done;
        });
        forgetKeys(id);
        return true;
    }

    private void forgetKeys(UUID project) {
        database.call(
                        "look up a project's keys",
                        handle -> handle.createQuery(
                                        database.sql("SELECT hash FROM synapse.api_key WHERE project = :project"))
                                .bind("project", project)
                                .mapTo(byte[].class)
                                .list())
                .forEach(cache::forget);
    }

    private static void requireProjectName(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a project needs a name");
        }
        Rows.requireName(name);
    }

    private static <S extends SqlStatement<S>> S rules(
            S statement, String name, @Nullable SpendCap cap, @Nullable Set<String> allowedModels) {
        return statement
                .bind("name", name)
                .bind("cap", cap == null ? null : (Long) cap.amount().micros())
                .bind("period", cap == null ? null : cap.period().wireName())
                .bindByType(
                        "models", allowedModels == null ? null : allowedModels.toArray(String[]::new), String[].class);
    }

    private static String describe(String name, @Nullable SpendCap cap, @Nullable Set<String> allowedModels) {
        return name + ", cap "
                + (cap == null ? "none" : cap.amount() + " " + cap.period().wireName()) + ", models "
                + (allowedModels == null ? "all" : String.join(" ", new TreeSet<>(allowedModels)));
    }

    static Project project(ResultSet row) throws SQLException {
        String period = row.getString("cap_period");
        Array models = row.getArray("allowed_models");
        return new Project(
                row.getString("id"),
                row.getString("account"),
                row.getString("name"),
                row.getBoolean("is_default"),
                period == null
                        ? null
                        : new SpendCap(
                                Credits.ofMicros(row.getLong("spend_cap")),
                                SpendCap.Period.valueOf(period.toUpperCase(Locale.ROOT))),
                models == null ? null : Set.copyOf(Arrays.asList((String[]) models.getArray())),
                Rows.instant(row, "created"));
    }
}
