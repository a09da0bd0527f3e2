package io.synapse.gateway.testkit.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection to a server on this machine that can be cut and mended: a database that is away for a while, for instance.
 * Safe for use by many threads.
 */
public final class Cable implements AutoCloseable {
    private volatile int target;
    private final ServerSocket socket;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile long delayNanos;

    /** A cable to a port of this machine. */
    public Cable(int targetPort) {
        this.target = targetPort;
        try {
            this.socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** The port to connect to instead. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Breaks every connection and lets no other be made. */
    public void cut() {
        cut = true;
        ends.forEach(Cable::close);
    }

    /** Lets connections be made again. */
    public void mend() {
        cut = false;
    }

    /** From now on it leads to another port of this machine. */
    public void to(int targetPort) {
        target = targetPort;
    }

    /** Makes the cable longer: what is sent to the server takes so much more time from now on. */
    public void delay(Duration more) {
        delayNanos = more.toNanos();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket near = socket.accept();
                Thread.startVirtualThread(() -> join(near));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void join(Socket near) {
        try (near;
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
            ends.add(near);
            ends.add(far);
            if (cut) {
                return;
            }
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread back = Thread.startVirtualThread(() -> pump(far, near, false));
            pump(near, far, true);
            back.join();
            ends.remove(near);
            ends.remove(far);
        } catch (IOException e) {
            // The target is away too.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket from, Socket to, boolean delayed) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (delayed && delayNanos > 0) {
                    LockSupport.parkNanos(delayNanos);
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // Either end is gone.
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket end) {
        try {
            end.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        cut();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
