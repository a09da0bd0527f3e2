import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds and runs docs/examples as fresh projects would: apart from this build, with nothing but the artifacts that
 * {@code mvn verify} made. These go into a repository in the build directory and nowhere else: the examples' Maven keeps
 * its local repository there too, and reads the user's own as it reads Maven Central.
 *
 * <p>Arguments: the root of the project, the user's local repository, Maven's home.
 */
final class Examples {
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>synapse-gateway</artifactId>\\s*<version>([^<]+)</version>");
    private static final List<String> MODULES =
            List.of("gateway-core", "gateway-testkit", "gateway-providers", "gateway-billing", "gateway-http");

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        Path target = root.resolve("target/examples");
        Path local = target.resolve("local");
        delete(target.resolve("repository"));
        delete(target.resolve("projects"));
        // What an earlier build made is not to be found again.
        delete(local.resolve("io/synapse"));
        publish(root, target.resolve("repository/io/synapse/gateway"));
        copyProjects(root.resolve("docs/examples"), target.resolve("projects"));
        Path settings = target.resolve("settings.xml");
        Files.writeString(settings, settings(target.resolve("repository"), Path.of(args[1])));

        String maven = System.getProperty("os.name").startsWith("Windows") ? "mvn.cmd" : "mvn";
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(args[2], "bin", maven).toString(),
                        "--batch-mode",
                        "--no-transfer-progress",
                        "--global-settings",
                        settings.toString(),
                        "-Dmaven.repo.local=" + local,
                        "verify")
                .directory(target.resolve("projects").toFile())
                .inheritIO();
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_PROJECTBASEDIR");
        System.exit(builder.start().waitFor());
    }

    private static void publish(Path root, Path group) throws IOException {
        Matcher found = VERSION.matcher(Files.readString(root.resolve("pom.xml")));
        if (!found.find()) {
            throw new IllegalStateException("the root pom has no version");
        }
        String version = found.group(1);
        put(group, "synapse-gateway", version, ".pom", root.resolve("pom.xml"));
        put(group, "gateway-bom", version, ".pom", root.resolve("gateway-core/bom/pom.xml"));
        for (String module : MODULES) {
            Path directory = root.resolve(module);
            put(group, module, version, ".pom", directory.resolve("pom.xml"));
            for (String kind : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
                put(group, module, version, kind, directory.resolve("target/" + module + "-" + version + kind));
            }
        }
    }

    private static void put(Path group, String artifact, String version, String kind, Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IllegalStateException(file + " is not there: run 'mvn verify' first");
        }
        Path directory = Files.createDirectories(group.resolve(artifact).resolve(version));
        Files.copy(file, directory.resolve(artifact + "-" + version + kind));
    }

    private static void copyProjects(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static String settings(Path built, Path users) {
        String repositories = repository("built", built, true) + repository("users", users, false);
        return """
            <settings>
              <profiles>
                <profile>
                  <id>examples</id>
                  <repositories>%s</repositories>
                  <pluginRepositories>%s</pluginRepositories>
                </profile>
              </profiles>
              <activeProfiles>
                <activeProfile>examples</activeProfile>
              </activeProfiles>
            </settings>
            """.formatted(repositories, repositories.replace("repository>", "pluginRepository>"));
    }

    private static String repository(String id, Path directory, boolean snapshots) {
        return """

            <repository>
              <id>%s</id>
              <url>%s</url>
              <releases><checksumPolicy>ignore</checksumPolicy></releases>
              <snapshots><enabled>%s</enabled><checksumPolicy>ignore</checksumPolicy></snapshots>
            </repository>
            """.formatted(id, directory.toUri(), snapshots);
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
