package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One directory through its life: each test starts what the one before it left. To make it anew takes seconds. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
class EmbeddedDatabaseTest {
    @TempDir(cleanup = CleanupMode.ALWAYS)
    static Path temporary;

    private static Path data;

    @BeforeAll
    static void nameDirectory() {
        data = temporary.resolve("a data directory's name");
    }

    @Test
    @Order(1)
    void is_durable_and_asks_for_a_password() throws SQLException, IOException {
        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(data)) {
            try (Connection connection = connect(postgres);
                    Statement statement = connection.createStatement()) {
                assertThat(setting(statement, "fsync")).isEqualTo("on");
                assertThat(setting(statement, "synchronous_commit")).isEqualTo("on");
                assertThat(setting(statement, "full_page_writes")).isEqualTo("on");
                assertThat(setting(statement, "data_checksums")).isEqualTo("on");
                assertThat(setting(statement, "listen_addresses")).isEqualTo("127.0.0.1");
                assertThat(setting(statement, "unix_socket_directories")).isEmpty();
            }
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.url(), postgres.user(), ""))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.url(), postgres.user(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("postgres/password"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("postgres"))))
                    .isEqualTo("rwx------");
            keep(postgres, "from the start");
        }
    }

    @Test
    @Order(2)
    void keeps_its_data_and_refuses_a_second_server() throws SQLException {
        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(data)) {
            assertThat(kept(postgres)).contains("from the start");

            assertThatThrownBy(() -> EmbeddedDatabase.start(data))
                    .isInstanceOf(EmbeddedDatabaseException.class)
                    .hasMessageContaining("another server")
                    .hasMessageContaining("SYNAPSE_DATABASE_URL")
                    .message()
                    .doesNotContain("\n");
            assertThat(kept(postgres)).contains("from the start");
        }
    }

    @Test
    @Order(3)
    void takes_over_from_a_server_that_was_killed() throws Exception {
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> told;
        try (BufferedReader out = killed.inputReader(StandardCharsets.UTF_8)) {
            told = List.of(String.valueOf(out.readLine()), String.valueOf(out.readLine()));
        } finally {
            killed.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
        assertThat(told.getFirst()).startsWith("jdbc:");
        ProcessHandle orphan = ProcessHandle.of(Long.parseLong(told.getLast())).orElseThrow();
        assertThat(orphan.isAlive()).as("PostgreSQL outlives its server").isTrue();

        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(data)) {
            orphan.onExit().get(20, TimeUnit.SECONDS);
            assertThat(kept(postgres)).contains("from the start");
            assertThat(kept(postgres)).contains("by the victim");
        }
    }

    @Test
    @Order(4)
    void starts_though_postgres_itself_was_killed() throws Exception {
        long pid;
        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(data)) {
            keep(postgres, "just before the crash");
            pid = postmaster();
            ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
            server.destroyForcibly();
            server.onExit().get(20, TimeUnit.SECONDS);
        }
        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(data)) {
            assertThat(kept(postgres)).contains("just before the crash");
        }
    }

    @Test
    @Order(5)
    void never_stops_a_process_that_only_has_the_old_number() throws Exception {
        Path pidFile = data.resolve("postgres/data/postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + data.resolve("postgres/data") + "\n1\n1\n\n");

        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(data)) {
            assertThat(kept(postgres)).contains("from the start");
        }
        assertThat(pidFile).doesNotExist();
    }

    @Test
    @Order(6)
    void tells_in_one_line_why_it_cannot_start() throws IOException {
        Path version = data.resolve("postgres/data/PG_VERSION");
        Path password = data.resolve("postgres/password");
        String is = Files.readString(version);
        Files.writeString(version, "9.6\n");
        assertThatThrownBy(() -> EmbeddedDatabase.start(data))
                .isInstanceOf(EmbeddedDatabaseException.class)
                .hasMessageContaining("incompatible")
                .hasMessageContaining("SYNAPSE_DATABASE_URL")
                .message()
                .doesNotContain("\n");
        Files.writeString(version, is);

        Files.move(password, password.resolveSibling("elsewhere"));
        assertThatThrownBy(() -> EmbeddedDatabase.start(data)).hasMessageContaining("password file");
        Files.move(password.resolveSibling("elsewhere"), password);

        Path file = Files.createTempFile("no", "directory");
        assertThatThrownBy(() -> EmbeddedDatabase.start(file))
                .isInstanceOf(EmbeddedDatabaseException.class)
                .hasMessageContaining("SYNAPSE_DATABASE_URL");
        Files.delete(file);

        EmbeddedDatabase.start(data).close();
    }

    /** A server that waits to be killed: it tells where its database is and the number of its process. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            data = Path.of(arguments[0]);
            EmbeddedDatabase postgres = EmbeddedDatabase.start(data);
            keep(postgres, "by the victim");
            System.out.println(postgres.url());
            System.out.println(postmaster());
            Thread.sleep(Duration.ofMinutes(2));
        }
    }

    private static long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("postgres/data/postmaster.pid"))
                .getFirst()
                .strip());
    }

    private static Connection connect(EmbeddedDatabase postgres) throws SQLException {
        return DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
    }

    private static String setting(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void keep(EmbeddedDatabase postgres, String what) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS kept (what text)");
            statement.execute("INSERT INTO kept VALUES ('" + what + "')");
        }
    }

    private static List<String> kept(EmbeddedDatabase postgres) throws SQLException {
        List<String> kept = new ArrayList<>();
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT what FROM kept ORDER BY ctid")) {
            while (rows.next()) {
                kept.add(rows.getString(1));
            }
        }
        return kept;
    }
}
