package io.synapse.gateway.credit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The journal in a file: a line that names the format, then a {@link SettlementLine} for each settlement that is kept. To
 * add is to append and sync. To remove is to write what is left to another file, sync it, and rename it over the first.
 * What is kept is in memory too, so whatever happens to the file, the next write that succeeds makes it whole.
 *
 * <p>The file is written through {@link RandomAccessFile}: an interrupt of the writing thread closes a channel, and would
 * end the journal.
 */
final class FileSettlementJournal implements SettlementJournal {
    private static final String FORMAT = "synapse settlements 1";

    private final Path path;
    private final FileChannel lockFile;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, Settlement> kept = new LinkedHashMap<>();
    private @Nullable RandomAccessFile file;
    /** Whether the file may say something else than {@link #kept}, so that it has to be written anew. */
    private boolean doubtful = true;

    private boolean closed;

    private FileSettlementJournal(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    static FileSettlementJournal open(Path path) {
        Path file = path.toAbsolutePath();
        try {
            FileSettlementJournal journal = new FileSettlementJournal(file, lock(file));
            try {
                journal.load();
                return journal;
            } catch (IOException | RuntimeException e) {
                journal.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the journal of settlements " + file + " cannot be opened", e);
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // By another gateway in this process.
        }
        channel.close();
        throw new IllegalStateException("the journal of settlements " + file
                + " is in use by another gateway: give each one a file of its own");
    }

    private void load() throws IOException {
        String text;
        try {
            text = Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            text = "";
        }
        if (!text.isEmpty() && !text.startsWith(FORMAT + "\n")) {
            // It came to be whole, with its first line: this is another file, or a later version's.
            throw damaged(1, new IllegalArgumentException("it should begin with '" + FORMAT + "'"));
        }
        // What follows the last end of a line was being written when the process died.
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            try {
                keep(SettlementLine.read(lines.get(i)));
            } catch (RuntimeException e) {
                throw damaged(i + 1, e);
            }
        }
        rewrite();
    }

    private IllegalStateException damaged(int line, RuntimeException reason) throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + ".damaged-" + System.currentTimeMillis());
        Files.move(path, aside);
        return new IllegalStateException(
                "the journal of settlements " + path + " is damaged in line " + line + " (" + reason.getMessage()
                        + "). It is kept as " + aside
                        + ": see there which charges are still to be settled. Without it, a"
                        + " new start begins with an empty journal",
                reason);
    }

    @Override
    public void add(Settlement settlement) {
        change(() -> {
            boolean fresh = keep(settlement);
            if (doubtful) {
                rewrite();
            } else if (fresh) {
                append(settlement);
            }
        });
    }

    @Override
    public void remove(Collection<UUID> charges) {
        change(() -> {
            if (kept.keySet().removeAll(List.copyOf(charges))) {
                rewrite();
            }
        });
    }

    @Override
    public List<Settlement> pending() {
        lock.lock();
        try {
            return List.copyOf(kept.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closeFile();
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private boolean keep(Settlement settlement) {
        return kept.putIfAbsent(settlement.charge(), settlement) == null;
    }

    /** A change of the file. */
    private interface Change {
        void make() throws IOException;
    }

    private void change(Change change) {
        // The directory is synced through a channel, which an interrupt would close.
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the journal is closed");
            }
            change.make();
        } catch (IOException e) {
            throw new UncheckedIOException("the journal of settlements " + path + " cannot be written", e);
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void append(Settlement settlement) throws IOException {
        doubtful = true;
        RandomAccessFile open = Objects.requireNonNull(file);
        open.write((SettlementLine.write(settlement) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        open.getFD().sync();
        doubtful = false;
    }

    /** Replaces the file by one that says what is kept. At every moment there is a whole one under its name. */
    private void rewrite() throws IOException {
        doubtful = true;
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try (RandomAccessFile out = new RandomAccessFile(next.toFile(), "rw")) {
            StringBuilder text = new StringBuilder(FORMAT).append('\n');
            kept.values()
                    .forEach(settlement ->
                            text.append(SettlementLine.write(settlement)).append('\n'));
            out.setLength(0);
            out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.getFD().sync();
        }
        closeFile();
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory();
        RandomAccessFile open = new RandomAccessFile(path.toFile(), "rw");
        file = open;
        open.seek(open.length());
        doubtful = false;
    }

    private void syncDirectory() {
        Path directory = Objects.requireNonNull(path.getParent());
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Not every system opens directories. Those that do not need no sync.
        }
    }

    private void closeFile() throws IOException {
        RandomAccessFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
