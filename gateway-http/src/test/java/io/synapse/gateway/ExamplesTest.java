package io.synapse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What outsiders copy: the README's code is the examples' code, and the bill of materials lists what there is. */
class ExamplesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern SNIPPET =
            Pattern.compile("^ *// README: (?!end)(\\w+)\\R(.*?)^ *// README: end", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern MODULE = Pattern.compile("<module>(gateway-\\w+)</module>");
    private static final Pattern LISTED = Pattern.compile("<artifactId>(gateway-(?!bom)\\w+)</artifactId>");

    private static List<String> snippets() throws IOException {
        List<String> snippets = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs/examples"))) {
            for (Path file : (Iterable<Path>)
                    files.filter(name -> name.toString().endsWith(".java")).sorted()::iterator) {
                SNIPPET.matcher(Files.readString(file))
                        .results()
                        .map(found -> found.group(2).stripTrailing().stripIndent())
                        .forEach(snippets::add);
            }
        }
        return snippets;
    }

    @Test
    void the_readme_embeds_as_the_examples_do() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        int begins = readme.indexOf("## Embed it");
        List<String> blocks = BLOCK.matcher(readme.substring(begins, readme.indexOf("\n## ", begins)))
                .results()
                .map(found -> found.group(1).stripTrailing())
                .toList();
        assertThat(blocks).isNotEmpty().isSubsetOf(snippets());
    }

    @Test
    void every_example_is_built_with_the_version_that_is_built_here() throws IOException {
        String version = version(ROOT.resolve("pom.xml"));
        try (Stream<Path> directories = Files.list(ROOT.resolve("docs/examples"))) {
            List<Path> examples = directories.filter(Files::isDirectory).toList();
            assertThat(examples).hasSizeGreaterThan(4);
            String all = Files.readString(ROOT.resolve("docs/examples/pom.xml"));
            for (Path example : examples) {
                assertThat(all).contains("<module>" + example.getFileName() + "</module>");
                assertThat(Files.readString(example.resolve("pom.xml")))
                        .contains("<synapse.version>" + version + "</synapse.version>");
            }
        }
    }

    @Test
    void the_bill_of_materials_lists_every_module_in_this_version() throws IOException {
        Path bom = ROOT.resolve("gateway-core/bom/pom.xml");
        assertThat(version(bom)).isEqualTo(version(ROOT.resolve("pom.xml")));
        assertThat(all(LISTED, bom)).isEqualTo(all(MODULE, ROOT.resolve("pom.xml")));
    }

    private static String version(Path pom) throws IOException {
        String text = Files.readString(pom);
        return text.substring(text.indexOf("<version>") + "<version>".length(), text.indexOf("</version>"));
    }

    private static Set<String> all(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
