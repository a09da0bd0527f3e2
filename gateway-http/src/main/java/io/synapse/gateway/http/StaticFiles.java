package io.synapse.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The files of a directory of the class path, all of them in memory. Immutable.
 *
 * @param files path below the directory, with slashes, to file
 * @param version tells whether any of them changed
 */
record StaticFiles(Map<String, File> files, String version) {
    private static final int VERSION_LENGTH = 12;
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml");

    /** A file: its content, plain and compressed, and what is told about it. Nobody changes its bytes. */
    static final class File {
        private final String path;
        private final String type;
        private final String etag;
        private final byte[] bytes;
        private final byte[] gzip;

        /** A file of that path below the directory; its ending tells its media type. */
        File(String path, byte[] bytes) {
            this.path = path;
            this.type = Objects.requireNonNull(TYPES.get(path.substring(path.lastIndexOf('.') + 1)), path);
            this.etag = "W/\"" + hash(bytes) + "\"";
            this.bytes = bytes;
            this.gzip = compressed(bytes);
        }

        String path() {
            return path;
        }

        /** Its media type. */
        String type() {
            return type;
        }

        /** Its entity tag, with quotes; weak, since it is the same for both forms. */
        String etag() {
            return etag;
        }

        /** Its content. */
        byte[] bytes() {
            return bytes;
        }

        /** Its content, compressed. */
        byte[] gzip() {
            return gzip;
        }
    }

    /**
     * Reads a directory beside this class.
     *
     * @param inIt a file that is in it, by which it is found
     */
    static StaticFiles load(String directory, String inIt) {
        URL url = Objects.requireNonNull(StaticFiles.class.getResource(directory + "/" + inIt), directory);
        try {
            URI uri = url.toURI();
            if (!uri.getScheme().equals("jar")) {
                return read(Objects.requireNonNull(Path.of(uri).getParent()));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                String entry = uri.toString().substring(uri.toString().lastIndexOf('!') + 1);
                return read(Objects.requireNonNull(jar.getPath(entry).getParent()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StaticFiles read(Path directory) throws IOException {
        Map<String, File> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String path = directory.relativize(file).toString().replace('\\', '/');
                files.put(path, new File(path, Files.readAllBytes(file)));
            }
        }
        StringBuilder tags = new StringBuilder();
        files.forEach((path, file) -> tags.append(path).append(file.etag()));
        String version = hash(tags.toString().getBytes(StandardCharsets.UTF_8));
        return new StaticFiles(Map.copyOf(files), version.substring(0, VERSION_LENGTH));
    }

    Optional<File> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** A file that there must be. */
    File get(String path) {
        return find(path).orElseThrow(() -> new IllegalStateException("there is no " + path));
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] compressed(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
