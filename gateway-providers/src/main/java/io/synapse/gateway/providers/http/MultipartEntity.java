package io.synapse.gateway.providers.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** A form on its way to the connection. */
final class MultipartEntity extends AbstractHttpEntity {
    private final Multipart form;

    MultipartEntity(Multipart form) {
        super(form.contentType(), null);
        this.form = form;
    }

    @Override
    public long getContentLength() {
        return form.length();
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        form.writeTo(out);
    }

    @Override
    public InputStream getContent() {
        throw new UnsupportedOperationException("a form is written, never read");
    }

    @Override
    public void close() {
        // Holds nothing that is open.
    }
}
