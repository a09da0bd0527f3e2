import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps the sources in one form: Java as palantir-java-format has it, other text without trailing blanks. Maven calls
 * it on the selected JDK, since the formatter parses only the Java that the JDK below it knows.
 */
final class Format {
    private static final Set<String> SKIPPED = Set.of(".git", ".idea", "data", "node_modules", "resources", "target");
    private static final Set<String> TEXT = Set.of("md", "xml", "yaml", "yml");

    private final Formatter java = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());
    private final Path root;

    private Format(Path root) {
        this.root = root;
    }

    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Format format = new Format(Path.of(args[1]).toAbsolutePath().normalize());
        List<String> findings = format.files().parallelStream()
                .flatMap(file -> format.visit(file, apply).stream())
                .toList();
        findings.forEach(System.out::println);
        if (!apply && !findings.isEmpty()) {
            System.out.println("Not in form: " + findings.size() + ". To put it right: mvn -Pformat");
            System.exit(1);
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean skipped = SKIPPED.contains(directory.getFileName().toString()) && !isPackage(directory);
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String kind = kind(file);
                if (attributes.isRegularFile() && (kind.equals("java") || TEXT.contains(kind))) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private boolean isPackage(Path directory) {
        return root.relativize(directory).toString().replace('\\', '/').contains("/java/");
    }

    private List<String> visit(Path file, boolean apply) {
        Path shown = root.relativize(file);
        try {
            String before = Files.readString(file);
            String after = kind(file).equals("java") ? java.formatSourceAndFixImports(before) : trimmed(before);
            if (before.equals(after)) {
                return List.of();
            }
            if (apply) {
                Files.writeString(file, after);
            }
            return List.of(shown.toString());
        } catch (FormatterException e) {
            return List.of(shown + " " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(shown.toString(), e);
        }
    }

    private static String trimmed(String text) {
        String trimmed = text.lines().map(String::stripTrailing).reduce("", (all, line) -> all + line + '\n');
        return trimmed.isBlank() ? "" : trimmed.stripTrailing() + '\n';
    }

    private static String kind(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
