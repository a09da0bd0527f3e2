package io.synapse.gateway.http.media;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.MediaStore;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A store in a directory: one file for each, with its end, its type and its length before its bytes. What is kept
 * survives a restart, and several processes may share the directory. Safe for use by many threads; a full or failing disk
 * is an {@link UncheckedIOException}.
 */
public final class DirectoryMediaStore implements MediaStore {
    private static final int NAME_BYTES = 24;
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{48}");
    private static final Pattern UNFINISHED = Pattern.compile("[0-9a-f]{48}\\.tmp");
    /** Nothing takes so long to write; its writer is gone. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    private final Path directory;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param directory where to keep it; made if it is not there. Nothing else should be in it
     */
    public DirectoryMediaStore(Path directory) {
        this(directory, InstantSource.system());
    }

    /**
     * @param directory where to keep it; made if it is not there
     * @param clock what tells that its time is over
     */
    public DirectoryMediaStore(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String keep(Media media, Duration lifetime) {
        byte[] bytes = new byte[NAME_BYTES];
        random.nextBytes(bytes);
        String name = HexFormat.of().formatHex(bytes);
        Path unfinished = directory.resolve(name + ".tmp");
        try {
            write(unfinished, media, clock.instant().plus(lifetime));
            Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            return name;
        } catch (IOException e) {
            delete(unfinished);
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, Media media, Instant until) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                DataOutputStream data = new DataOutputStream(out)) {
            data.writeLong(until.toEpochMilli());
            data.writeUTF(media.type());
            data.writeInt(media.bytes().length);
            data.write(media.bytes());
        }
    }

    @Override
    public Optional<Media> find(String name) {
        // The name comes from a URL: nothing but what keep() makes may reach the file system.
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try (DataInputStream data =
                new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(directory.resolve(name))))) {
            Instant until = Instant.ofEpochMilli(data.readLong());
            String type = data.readUTF();
            int length = data.readInt();
            byte[] bytes = data.readAllBytes();
            // A file that a crash of the machine cut off is none.
            return until.isAfter(clock.instant()) && bytes.length == length
                    ? Optional.of(new Media(bytes, type))
                    : Optional.empty();
        } catch (NoSuchFileException | EOFException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void cleanUp() {
        Instant now = clock.instant();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (isOver(file, now)) {
                    delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the store did not write is left alone. */
    private static boolean isOver(Path file, Instant now) {
        String name = file.getFileName().toString();
        try {
            if (UNFINISHED.matcher(name).matches()) {
                return Files.getLastModifiedTime(file)
                        .toInstant()
                        .plus(ABANDONED)
                        .isBefore(now);
            }
            return NAME.matcher(name).matches() && !until(file).isAfter(now);
        } catch (IOException e) {
            // Another process was faster.
            return false;
        }
    }

    private static Instant until(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DataInputStream data = new DataInputStream(in)) {
            return Instant.ofEpochMilli(data.readLong());
        } catch (EOFException e) {
            return Instant.MIN;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next round tries again.
        }
    }
}
