package io.synapse.gateway.http.media;

import io.synapse.gateway.fault.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** Gathers a form's parts as the parser finds them. What the parser swallows, {@link #check} throws. */
final class MultipartParts extends MultiPart.AbstractPartsListener {
    private final Map<String, List<String>> texts = new LinkedHashMap<>();
    private final Map<String, List<MultipartForm.File>> files = new LinkedHashMap<>();
    /** In pieces until it is whole: a buffer that grows would need a large file's memory thrice. */
    private final List<byte[]> content = new ArrayList<>();

    private long size;
    private @Nullable String contentType;
    private int count;
    private boolean complete;
    private @Nullable InvalidRequestException failure;

    @Override
    public void onPartBegin() {
        content.clear();
        size = 0;
        contentType = null;
        if (++count > MultipartForm.MOST_PARTS) {
            fail(null, "The form has too many parts; the most is " + MultipartForm.MOST_PARTS + ".");
        }
    }

    @Override
    public void onPartHeader(String header, String value) {
        super.onPartHeader(header, value);
        if (header.equalsIgnoreCase("Content-Type")) {
            contentType = value;
        }
    }

    @Override
    public void onPartContent(Content.Chunk chunk) {
        ByteBuffer bytes = chunk.getByteBuffer();
        if (failure != null) {
            return;
        }
        if (!isFile(getFileName()) && size + bytes.remaining() > MultipartForm.MOST_FIELD_BYTES) {
            fail(getName(), "A field is larger than " + MultipartForm.MOST_FIELD_BYTES + " bytes, and no file.");
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        content.add(copy);
        size += copy.length;
    }

    @Override
    public void onPart(String name, @Nullable String filename, HttpFields headers) {
        if (failure != null) {
            return;
        }
        if (name == null || name.isEmpty()) {
            fail(null, "A part of the form has no name.");
        } else if (isFile(filename)) {
            files.computeIfAbsent(name, unused -> new ArrayList<>())
                    .add(new MultipartForm.File(filename == null ? name : filename, contentType, whole()));
        } else {
            text(name);
        }
    }

    private void text(String name) {
        try {
            String value = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(whole()))
                    .toString();
            texts.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
        } catch (CharacterCodingException e) {
            fail(name, "'" + name + "' is not valid UTF-8.");
        }
    }

    private byte[] whole() {
        ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(size));
        content.forEach(whole::put);
        return whole.array();
    }

    /** Some clients send a file without a name, but none sends a text as octets. */
    private boolean isFile(@Nullable String filename) {
        return filename != null
                || (contentType != null
                        && contentType.strip().toLowerCase(Locale.ROOT).startsWith("application/octet-stream"));
    }

    @Override
    public void onComplete() {
        complete = true;
    }

    @Override
    public void onFailure(Throwable cause) {
        fail(null, "The body is not well-formed multipart/form-data.");
    }

    private void fail(@Nullable String param, String message) {
        if (failure == null) {
            failure = new InvalidRequestException(param, message);
        }
    }

    /** Throws what went wrong so far. */
    void check() {
        if (failure != null) {
            throw failure;
        }
    }

    /** The form, after its last byte was parsed. */
    MultipartForm form() {
        check();
        if (!complete) {
            throw new InvalidRequestException(null, "The form has no end: its last boundary is missing.");
        }
        return new MultipartForm(texts, files);
    }
}
