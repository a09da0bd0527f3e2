package io.synapse.gateway.http.media;

import io.synapse.gateway.fault.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A form with files in it ({@code multipart/form-data}), read into memory within limits; nothing is ever put on disk.
 * Immutable, provided that nobody changes the files' bytes.
 */
public final class MultipartForm {
    /** The most parts of a form. */
    public static final int MOST_PARTS = 16;
    /** The most bytes of a field that is no file. */
    public static final int MOST_FIELD_BYTES = 64 * 1024;

    private static final int LONGEST_BOUNDARY = 70;
    private static final int MOST_PART_HEADER_BYTES = 8 * 1024;
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Map<String, List<String>> texts;
    private final Map<String, List<File>> files;

    /**
     * A file of a form.
     *
     * @param filename its name as the sender has it, a path perhaps; never to be used as one
     * @param contentType its type as the sender has it, or null; not to be believed
     * @param bytes the file
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record File(String filename, @Nullable String contentType, byte[] bytes) {
        /** Identity is enough: the bytes are never compared. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return "File[" + bytes.length + " bytes]";
        }
    }

    /** Opens a request's body. */
    @FunctionalInterface
    public interface Body {
        /** Opens it. */
        InputStream open() throws IOException;
    }

    MultipartForm(Map<String, List<String>> texts, Map<String, List<File>> files) {
        this.texts = texts;
        this.files = files;
    }

    /**
     * Reads a request's body.
     *
     * @param contentType what it says that it is, or null
     * @param contentEncoding how it says that it is encoded, or null
     * @param length how long it says that it is, or -1
     * @param body opens it
     * @param mostBytes the most that it may have, all in all; checked as declared and as it arrives
     * @throws NotMultipartException if it is something else
     * @throws MediaTooLargeException if it is larger
     * @throws InvalidRequestException if it is malformed or has too many parts
     */
    public static MultipartForm read(
            @Nullable String contentType, @Nullable String contentEncoding, long length, Body body, long mostBytes) {
        String boundary = boundary(contentType, contentEncoding);
        if (length > mostBytes) {
            throw new MediaTooLargeException(mostBytes);
        }
        MultipartParts parts = new MultipartParts();
        MultiPart.Parser parser = new MultiPart.Parser(boundary, parts);
        parser.setPartHeadersMaxLength(MOST_PART_HEADER_BYTES);
        try (InputStream in = body.open()) {
            feed(in, parser, parts, mostBytes);
        } catch (IOException e) {
            throw new InvalidRequestException(null, "The body broke off before its end.");
        }
        return parts.form();
    }

    private static void feed(InputStream in, MultiPart.Parser parser, MultipartParts parts, long mostBytes)
            throws IOException {
        long read = 0;
        while (true) {
            byte[] buffer = in.readNBytes(BUFFER_BYTES);
            read += buffer.length;
            if (read > mostBytes) {
                throw new MediaTooLargeException(mostBytes);
            }
            boolean last = buffer.length < BUFFER_BYTES;
            // The parser may hold on to a part of it: the buffer is not used again.
            parser.parse(Content.Chunk.from(ByteBuffer.wrap(buffer), last));
            parts.check();
            if (last) {
                return;
            }
        }
    }

    private static String boundary(@Nullable String type, @Nullable String contentEncoding) {
        if (type == null
                || !type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
                || contentEncoding != null) {
            throw new NotMultipartException();
        }
        String boundary = MultiPart.extractBoundary(type);
        if (boundary == null
                || boundary.isEmpty()
                || boundary.length() > LONGEST_BOUNDARY
                || !boundary.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new InvalidRequestException(
                    null,
                    "The Content-Type has no valid boundary. Let your HTTP client set it, and do not set it yourself.");
        }
        return boundary;
    }

    /**
     * The value of a field that is no file, or null if it is not there.
     *
     * @throws InvalidRequestException if it is there more than once, because readers would disagree about which counts
     */
    public @Nullable String text(String name) {
        List<String> values = texts(name);
        if (values.size() > 1) {
            throw new InvalidRequestException(
                    name, "'" + name + "' is there " + values.size() + " times; send it once.");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /** All values of a field that is no file, in their order. */
    public List<String> texts(String name) {
        return texts.getOrDefault(name, List.of());
    }

    /** All files of a field, in their order. */
    public List<File> files(String name) {
        return files.getOrDefault(name, List.of());
    }
}
