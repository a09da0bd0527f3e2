package io.synapse.gateway.http.app;

import io.synapse.gateway.provider.ProviderFactory;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes jars as a plugin's author does: compiled against gateway-core and the author's own libraries, and nothing else. */
final class PluginMaker {
    static final String ENTRY = "META-INF/services/io.synapse.gateway.provider.ProviderFactory";

    private final Map<String, byte[]> content = new TreeMap<>();
    private final List<Path> libraries = new ArrayList<>();

    private record Source(String name, String text) {
        JavaFileObject file() {
            URI uri = URI.create("string:///" + name.replace('.', '/') + ".java");
            return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return text;
                }
            };
        }
    }

    /** What the sources may use, though the jar does not hold it. */
    PluginMaker with(Path library) {
        libraries.add(library);
        return this;
    }

    /** Compiles classes into the jar: full name, source, full name, source, …. */
    PluginMaker classes(String... namesAndTexts) throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            sources.add(new Source(namesAndTexts[i], namesAndTexts[i + 1]).file());
        }
        Path classes = Files.createTempDirectory("synapse-plugin");
        try {
            compile(sources, classes);
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    content.put(
                            classes.relativize(file).toString().replace(File.separatorChar, '/'),
                            Files.readAllBytes(file));
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(classes)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
        return this;
    }

    private void compile(List<JavaFileObject> sources, Path classes) {
        Path core = Path.of(URI.create(ProviderFactory.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        String classPath = Stream.concat(Stream.of(core), libraries.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean compiled = compiler.getTask(
                        said,
                        null,
                        null,
                        List.of("-proc:none", "-classpath", classPath, "-d", classes.toString()),
                        null,
                        sources)
                .call();
        if (!compiled) {
            throw new IllegalArgumentException(said.toString());
        }
    }

    PluginMaker file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    PluginMaker file(String name, byte[] bytes) {
        content.put(name, bytes);
        return this;
    }

    PluginMaker without(String name) {
        content.remove(name);
        return this;
    }

    byte[] bytes(String name) {
        return content.get(name);
    }

    String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    PluginMaker copy() {
        PluginMaker copy = new PluginMaker();
        copy.content.putAll(content);
        copy.libraries.addAll(libraries);
        return copy;
    }

    /** Puts what another jar holds into this one as well. */
    PluginMaker holding(PluginMaker other) {
        content.putAll(other.content);
        return this;
    }

    /** Names the factories. */
    PluginMaker factory(String... names) {
        return file(ENTRY, String.join("\n", names));
    }

    Path jar(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return file;
    }
}
