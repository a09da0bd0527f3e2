package io.synapse.gateway.billing;

import io.synapse.gateway.fault.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.ValidateOutput;
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
                check(flyway.validateWithResult(), schema);
            }
        } catch (FlywayException e) {
            throw new IllegalStateException("the schema '" + schema + "' could not be brought up to date", e);
        }
    }

    private static void check(ValidateResult result, String schema) {
        if (!result.validationSuccessful) {
            String problems = Stream.ofNullable(result.invalidMigrations)
                    .flatMap(java.util.List::stream)
                    .map((ValidateOutput invalid) -> invalid.errorDetails
                            .errorMessage
                            .lines()
                            .findFirst()
                            .orElse(""))
                    .collect(Collectors.joining("; "));
            throw new IllegalStateException("the schema '" + schema
                    + "' is not the one that this version works with, and it was asked not to change it: " + problems);
        }
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
