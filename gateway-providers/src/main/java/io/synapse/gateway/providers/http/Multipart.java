package io.synapse.gateway.providers.http;

import io.synapse.gateway.media.Media;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A form with files in it, as {@code multipart/form-data} (RFC 7578; names are quoted as browsers do). The files' bytes are
 * kept by reference and written straight to the connection, never copied. For one thread.
 */
public final class Multipart {
    private static final byte[] LINE = {'\r', '\n'};

    // Drawn at random, so that nobody can write a file that ends a part early.
    private final String boundary = "synapse-" + UUID.randomUUID();
    private final List<byte[]> pieces = new ArrayList<>();

    /** Adds a text. */
    public Multipart text(String name, String value) {
        head("Content-Disposition: form-data; name=\"" + quoted(name) + "\"\r\n\r\n");
        pieces.add(value.getBytes(StandardCharsets.UTF_8));
        pieces.add(LINE);
        return this;
    }

    /**
     * Adds a file.
     *
     * @param name the field's name
     * @param filename the file's name; upstreams tell the format by its ending
     * @param media the file
     */
    public Multipart file(String name, String filename, Media media) {
        head("Content-Disposition: form-data; name=\"" + quoted(name) + "\"; filename=\"" + quoted(filename)
                + "\"\r\nContent-Type: " + Headers.checkedValue(media.type()) + "\r\n\r\n");
        pieces.add(media.bytes());
        pieces.add(LINE);
        return this;
    }

    /** The media type, with the boundary. */
    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /** How many bytes are going to be written. */
    long length() {
        long length = end().length;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        return length;
    }

    void writeTo(OutputStream out) throws IOException {
        for (byte[] piece : pieces) {
            out.write(piece);
        }
        out.write(end());
    }

    private void head(String lines) {
        pieces.add(("--" + boundary + "\r\n" + lines).getBytes(StandardCharsets.UTF_8));
    }

    private byte[] end() {
        return ("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Names can be a caller's own: none may break out of its quotes or its line. */
    private static String quoted(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }
}
