package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.media.Media;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on a real loopback socket that answers as it is told and remembers what it was asked. Connections are
 * kept alive. Answers come from a queue, or from a function where the queue is empty; a request that nothing was prepared
 * for is answered with 501. Safe for use by many threads; each connection has its own.
 *
 * <p>Nothing in it sleeps: what waits, waits for a condition, for at most {@link #PATIENCE} or what a test says.
 */
public final class FakeUpstream implements AutoCloseable {
    /** How long to wait for what a test expects before it is called missing. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String HOSTED = "/hosted/";

    private final Duration patience;
    private final ServerSocket server;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Answer> queue = new ArrayDeque<>();
    private final List<Request> requests = new ArrayList<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Media> files = new ConcurrentHashMap<>();
    private volatile @Nullable Function<Request, Answer> otherwise;
    private int connections;
    private int hangUps;
    private boolean closed;

    /** Starts a server on a free port. */
    public FakeUpstream() {
        this(PATIENCE);
    }

    /**
     * Starts a server on a free port.
     *
     * @param patience how long it waits for what a test expects
     */
    public FakeUpstream(Duration patience) {
        this.patience = patience;
        try {
            server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("fake-upstream").start(this::accept);
    }

    /** Where it listens: {@code http://127.0.0.1:…}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Queues answers, one for each request to come. */
    public FakeUpstream answer(Answer... answers) {
        lock.lock();
        try {
            queue.addAll(List.of(answers));
        } finally {
            lock.unlock();
        }
        return this;
    }

    /** How to answer when nothing is queued. */
    public FakeUpstream answerAll(Function<Request, Answer> function) {
        otherwise = function;
        return this;
    }

    /** Hosts a file from now on; where. It is served by whoever asks {@link #hosted} for it. */
    String host(Media file) {
        String path = HOSTED + files.size();
        while (files.putIfAbsent(path, file) != null) {
            path += "x";
        }
        return uri() + path;
    }

    /** The file that a request asks for, or null if it does not ask for one that is hosted. */
    @Nullable
    Answer hosted(Request request) {
        Media file = files.get(request.path());
        return file == null ? null : Answer.file(file);
    }

    /** Forgets what it was asked and how to answer, for the next test of several that share it. */
    public void reset() {
        lock.lock();
        try {
            queue.clear();
            requests.clear();
            otherwise = null;
        } finally {
            lock.unlock();
        }
    }

    /** What it was asked so far, in order of arrival. */
    public List<Request> requests() {
        lock.lock();
        try {
            return List.copyOf(requests);
        } finally {
            lock.unlock();
        }
    }

    /** The last request; waits for the first. */
    public Request lastRequest() {
        awaitRequests(1);
        return requests().getLast();
    }

    /** Waits until so many requests have arrived. */
    public void awaitRequests(int count) {
        await(() -> requests.size() >= count, count + " requests");
    }

    /** How many connections were made to it. */
    public int connections() {
        lock.lock();
        try {
            return connections;
        } finally {
            lock.unlock();
        }
    }

    /** How many clients closed their connection while they were being answered. */
    public int hangUps() {
        lock.lock();
        try {
            return hangUps;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until so many clients have closed their connection while they were being answered. */
    public void awaitHangUps(int count) {
        await(() -> hangUps >= count, count + " clients that hang up");
    }

    /** Stops at once, whatever is going on. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(Connection::close);
    }

    /** Waits until a condition on this server's state holds, or fails. */
    void await(BooleanSupplier condition, String what) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    throw new AssertionError("the upstream waited in vain for " + what);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something happens or the server closes; false if it closed. */
    boolean awaitWhile(BooleanSupplier condition) throws IOException {
        lock.lock();
        try {
            while (condition.getAsBoolean() && !closed) {
                if (!changed.await(PATIENCE.toSeconds() * 3, TimeUnit.SECONDS)) {
                    throw new IOException("waited too long");
                }
            }
            return !closed;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** Changes the state that others wait for. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the state that others wait for, or changes it. */
    <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            T seen = look.get();
            changed.signalAll();
            return seen;
        } finally {
            lock.unlock();
        }
    }

    Answer arrived(Request request) {
        lock.lock();
        try {
            requests.add(request);
            changed.signalAll();
            Answer queued = queue.poll();
            if (queued != null) {
                return queued;
            }
        } finally {
            lock.unlock();
        }
        Function<Request, Answer> function = otherwise;
        return function == null ? Answer.json(501, "{\"error\":\"nothing was prepared\"}") : function.apply(request);
    }

    /** Called within {@link #change}. */
    void hungUp() {
        hangUps++;
    }

    void gone(Connection connection) {
        open.remove(connection);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                change(() -> connections++);
                Connection connection = new Connection(this, socket);
                open.add(connection);
                connection.start();
            } catch (IOException e) {
                // Anything but a closed server concerns one client only.
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }
}
