package io.synapse.gateway.testkit.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in the provider guide is the code of this package, between {@code guide:} marks. */
class ProviderGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "provider-guide.md");
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "synapse", "gateway", "testkit", "guide");
    private static final Pattern BLOCK = Pattern.compile("<!-- ([a-z-]+) -->\n```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVA = Pattern.compile("```java\n");

    @Test
    void every_block_of_code_is_what_is_compiled_and_tested() throws IOException {
        String guide = Files.readString(GUIDE);
        Map<String, String> sources = marked();
        Map<String, String> shown = new LinkedHashMap<>();
        Matcher blocks = BLOCK.matcher(guide);
        while (blocks.find()) {
            shown.put(blocks.group(1), blocks.group(2));
        }
        shown.forEach((name, code) -> assertThat(code)
                .as("the block '%s' of the guide and its source", name)
                .isEqualTo(sources.get(name)));
        assertThat(new TreeSet<>(shown.keySet())).isEqualTo(new TreeSet<>(sources.keySet()));
        assertThat(JAVA.matcher(guide).results().count())
                .as("blocks of Java, each below a comment that names its source")
                .isEqualTo(shown.size());
    }

    /** What stands between marks, without the indentation that all of it has. */
    private static Map<String, String> marked() throws IOException {
        Map<String, String> marked = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(each -> !each.endsWith("ProviderGuideTest.java"))
                    .toList()) {
                String name = null;
                List<String> lines = new ArrayList<>();
                for (String line : Files.readAllLines(file)) {
                    String mark = line.strip();
                    if (mark.equals("// guide: end")) {
                        marked.put(name, String.join("\n", lines).stripIndent() + "\n");
                        name = null;
                        lines.clear();
                    } else if (mark.startsWith("// guide: ")) {
                        name = mark.substring("// guide: ".length());
                    } else if (name != null) {
                        lines.add(line);
                    }
                }
            }
        }
        return marked;
    }
}
