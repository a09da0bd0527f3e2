package io.synapse.gateway.testkit.load;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The start line and headers of an HTTP/1.1 message.
 *
 * @param startLine the first line
 * @param headers the headers, by lower-case name
 */
record HttpHead(String startLine, Map<String, String> headers) {
    /** Reads one; null at the end of the connection. */
    static @Nullable HttpHead read(InputStream in) throws IOException {
        String start = line(in);
        if (start == null || start.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        String line = line(in);
        while (line != null && !line.isEmpty()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
            line = line(in);
        }
        return new HttpHead(start, headers);
    }

    long contentLength() {
        return Long.parseLong(headers.getOrDefault("content-length", "0"));
    }

    boolean chunked() {
        return "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
    }

    int status() {
        return Integer.parseInt(startLine.substring(9, 12));
    }

    static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
