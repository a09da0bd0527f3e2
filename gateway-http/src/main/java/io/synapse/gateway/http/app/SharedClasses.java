package io.synapse.gateway.http.app;

import java.util.Set;

/**
 * What plugins see of the server: the JDK, the packages that gateway-core exports, and the API of SLF4J. Nothing else, so
 * that a plugin's libraries never meet the server's, nor those of another plugin, whatever their versions.
 */
final class SharedClasses extends ClassLoader {
    /** Exactly these; what lies below them is not meant. */
    static final Set<String> PACKAGES = Set.of(
            "io.synapse.gateway",
            "io.synapse.gateway.catalog",
            "io.synapse.gateway.chat",
            "io.synapse.gateway.credit",
            "io.synapse.gateway.fault",
            "io.synapse.gateway.header",
            "io.synapse.gateway.idempotency",
            "io.synapse.gateway.identity",
            "io.synapse.gateway.limit",
            "io.synapse.gateway.media",
            "io.synapse.gateway.provider",
            "org.slf4j",
            "org.slf4j.event",
            "org.slf4j.helpers",
            "org.slf4j.spi");

    static {
        ClassLoader.registerAsParallelCapable();
    }

    private final ClassLoader server;

    SharedClasses(ClassLoader server) {
        super("shared", ClassLoader.getPlatformClassLoader());
        this.server = server;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (PACKAGES.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
            return server.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
