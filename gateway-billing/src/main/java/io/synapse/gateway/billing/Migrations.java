package io.synapse.gateway.billing;

import io.synapse.gateway.fault.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.ValidateResult;

/**
 * Brings a schema to the version that this program works with. Several nodes may try at once: one does, the others
 * wait.
 */
final class Migrations {
    /** A place of our own, so that an embedding program's migrations never pick ours up, nor we theirs. */
    private static final String LOCATION = "classpath:io/synapse/gateway/billing/migrations";

    private Migrations() {}

    static void run(DataSource dataSource, String schema, boolean migrate) {
        requireReachable(dataSource);
        Flyway flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(dataSource)
                .locations(LOCATION)
                .schemas(schema)
                .defaultSchema(schema)
                .cleanDisabled(true)
                .load();
        try {
            if (migrate) {
                flyway.migrate();
            } else {
                check(flyway, schema);
            }
        } catch (FlywayException e) {
            throw new IllegalStateException("the schema '" + schema + "' could not be brought up to date", e);
        }
    }

    private static void check(Flyway flyway, String schema) {
        String missing = Arrays.stream(flyway.info().pending())
                .map(migration -> migration.isVersioned()
                        ? migration.getVersion() + " (" + migration.getDescription() + ")"
                        : "of the " + migration.getDescription() + "'s functions")
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw refused(schema, "it lacks the migrations " + missing);
        }
        ValidateResult result = flyway.validateWithResult();
        if (!result.validationSuccessful) {
            throw refused(
                    schema,
                    Stream.ofNullable(result.invalidMigrations)
                            .flatMap(List::stream)
                            .map(invalid -> firstLine(invalid.errorDetails.errorMessage))
                            .collect(Collectors.joining("; ")));
        }
    }

    private static IllegalStateException refused(String schema, String why) {
        return new IllegalStateException("the schema '" + schema
                + "' is not the one that this version works with, and it was asked not to change it: " + why);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Tells a database that is down from a schema that is wrong. */
    private static void requireReachable(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            connection.getMetaData();
        } catch (SQLException e) {
            throw new StoreUnavailableException("the database cannot be reached", e);
        }
    }
}
