package io.synapse.gateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * What a request that is already answered still sends. A connection that is closed while its client writes takes the answer
 * along, so what is left is read and thrown away, as long as that is not too much.
 */
final class UnreadBody {
    private static final long MOST_BYTES = 64L * 1024 * 1024;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private UnreadBody() {}

    /** Whether something is left that is worth reading. */
    static boolean isLeft(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        boolean sent = length > 0 || request.getHeader("Transfer-Encoding") != null;
        // Who asks before it sends, and was never told to go on, sends nothing.
        boolean waits = length > 0 && request.getHeader("Expect") != null;
        return sent
                && !waits
                && length <= MOST_BYTES
                && !request.getInputStream().isFinished();
    }

    /** Reads it and throws it away; gives up where it is too much, or breaks off. */
    static void discard(HttpServletRequest request) {
        long end = System.nanoTime() + LONGEST.toNanos();
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = request.getInputStream();
            long left = MOST_BYTES;
            while (left > 0 && System.nanoTime() < end) {
                int count = in.read(buffer);
                if (count < 0) {
                    return;
                }
                left -= count;
            }
        } catch (IOException e) {
            // The client is gone, or silent: the connection ends with the answer.
        }
    }
}
