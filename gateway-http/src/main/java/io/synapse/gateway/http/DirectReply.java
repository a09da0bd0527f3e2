package io.synapse.gateway.http;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** Answers the caller himself. */
final class DirectReply implements Reply {
    private final Context ctx;

    DirectReply(Context ctx) {
        this.ctx = ctx;
    }

    @Override
    public void whole(int status, String type, Map<String, String> headers, byte[] body) {
        headers.forEach(ctx.res()::setHeader);
        ctx.res().setContentLength(body.length);
        ctx.status(status).contentType(type).result(body);
    }

    @Override
    public void begin(int status, String type, Map<String, String> headers) {
        HttpServletResponse response = ctx.res();
        headers.forEach(response::setHeader);
        response.setStatus(status);
        response.setContentType(type);
        if (ctx.req().getProtocol().equals("HTTP/1.1")) {
            // A caller who wants the connection closed would else take its end for the answer's.
            response.setHeader("Transfer-Encoding", "chunked");
        }
    }

    /** Writes past Javalin's own output stream, which neither flushes nor leaves the bytes as they are. */
    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            ctx.res().getOutputStream().write(bytes, offset, length);
            ctx.res().flushBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void comment(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    @Override
    public void failed() {
        // The caller has been told.
    }

    @Override
    public void breakOff() {
        ServletContextRequest.getServletContextRequest(ctx.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }
}
