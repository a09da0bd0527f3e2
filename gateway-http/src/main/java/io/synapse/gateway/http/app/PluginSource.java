package io.synapse.gateway.http.app;

import io.synapse.gateway.provider.ProviderFactory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where factories of providers come from: a plugin's jars, which have a class loader to themselves, or the server's class
 * path. Whatever its code does wrong at start-up becomes one line that names the source and the rule.
 */
final class PluginSource implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PluginSource.class.getName());
    private static final String ENTRY = "META-INF/services/" + ProviderFactory.class.getName();
    private static final String JAR = ".jar";

    /** Code of a plugin's. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run() throws Throwable;
    }

    private final String name;
    private final ClassLoader loader;
    private final @Nullable URLClassLoader own;

    private PluginSource(String name, ClassLoader loader, @Nullable URLClassLoader own) {
        this.name = name;
        this.loader = loader;
        this.own = own;
    }

    /** What was added to the server as a dependency. */
    static PluginSource classPath(ClassLoader server) {
        return new PluginSource("the class path", server, null);
    }

    /**
     * A plugin.
     *
     * @param entry a jar, or a folder with the plugin's jar and those that it needs
     * @throws SettingsException if it is neither
     */
    static PluginSource plugin(Path entry, SharedClasses shared) {
        String name = entry.toString();
        List<URL> urls = new ArrayList<>();
        for (Path jar : Files.isDirectory(entry) ? jarsIn(entry) : List.of(entry)) {
            if (!isJar(jar)) {
                throw new SettingsException(name + " is neither a jar nor a folder of jars.");
            }
            try {
                new JarFile(jar.toFile()).close();
                urls.add(jar.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            } catch (IOException e) {
                throw new SettingsException(jar + " cannot be read as a jar: " + oneLine(e.getMessage()) + ".");
            }
        }
        // Its name stands before the plugin's classes in stack traces.
        URLClassLoader own = new URLClassLoader(entry.getFileName().toString(), urls.toArray(URL[]::new), shared);
        return new PluginSource(name, own, own);
    }

    private static List<Path> jarsIn(Path folder) {
        List<Path> jars = entries(folder).stream().filter(PluginSource::isJar).toList();
        if (jars.isEmpty()) {
            throw new SettingsException(folder + " holds no jar.");
        }
        return jars;
    }

    private static boolean isJar(Path file) {
        return Files.isRegularFile(file) && file.toString().endsWith(JAR);
    }

    /** What a folder holds, but for hidden files, in the order of names. */
    static List<Path> entries(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new SettingsException(folder + " cannot be read as a folder: " + e + ".");
        }
    }

    /** Its factories: at least one, but for the class path. */
    List<ProviderFactory> factories() {
        List<ProviderFactory> factories = ask(
                "its factory",
                () -> ServiceLoader.load(ProviderFactory.class, loader).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
        if (factories.isEmpty() && own != null) {
            throw refused("it names no factory of providers; a file " + ENTRY + " must hold the name of its class");
        }
        return factories;
    }

    /**
     * Runs the plugin's code as if its class path were the process's own.
     *
     * @param what names what is asked, for the line
     * @throws SettingsException if it throws anything or returns null
     */
    <T> T ask(String what, Work<T> question) {
        T answer;
        try {
            answer = inside(question);
        } catch (SettingsException e) {
            throw e;
        } catch (ServiceConfigurationError e) {
            Throwable cause = e.getCause();
            throw cause == null || cause instanceof ReflectiveOperationException
                    ? refused("its service entry is wrong: " + e.getMessage())
                    : broken(what, cause);
        } catch (Throwable e) {
            throw broken(what, e);
        }
        if (answer == null) {
            throw refused(what + " returned null");
        }
        return answer;
    }

    /** Libraries that look for their parts by the thread's class loader find the plugin's. */
    <T extends @Nullable Object> T inside(Work<T> work) throws Throwable {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private SettingsException broken(String what, Throwable e) {
        LOG.log(Level.DEBUG, name + " is refused", e);
        Throwable thrown = e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
        if (thrown instanceof UnsupportedClassVersionError) {
            return refused("it is compiled for a newer Java than "
                    + Runtime.version().feature() + ", which runs the server: " + thrown.getMessage());
        }
        if (thrown instanceof NoClassDefFoundError) {
            return refused("a class that it needs is missing: " + thrown.getMessage()
                    + "; the jar, or a folder of jars in its place, holds the libraries that a plugin needs");
        }
        if (thrown instanceof LinkageError) {
            return refused("it does not fit this version of the gateway, or of a library: " + thrown);
        }
        StackTraceElement[] stack = thrown.getStackTrace();
        return refused(what + " threw " + thrown + (stack.length == 0 ? "" : " at " + stack[0]));
    }

    /** An end of the start: this source breaks a rule. */
    SettingsException refused(String rule) {
        String line = oneLine(rule);
        return new SettingsException(name + ": " + line + (line.endsWith(".") ? "" : "."));
    }

    private static String oneLine(@Nullable String text) {
        return String.valueOf(text).lines().map(String::strip).collect(Collectors.joining(" "));
    }

    @Override
    public void close() throws IOException {
        if (own != null) {
            own.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
