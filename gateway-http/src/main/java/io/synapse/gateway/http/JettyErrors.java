package io.synapse.gateway.http;

import io.synapse.gateway.Gateway;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what Jetty refuses by itself (a malformed request line, headers that are too large) in the API's envelope. */
final class JettyErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? 500 : response.getStatus();
        String requestId = Gateway.newRequestId();
        ApiError error = ApiError.malformed(
                status,
                switch (status) {
                    case 431 -> "The request's headers are larger than 16 KiB.";
                    case 414 -> "The request's URL is too long.";
                    default -> "The HTTP request is malformed.";
                });
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put("X-Request-Id", requestId);
        response.getHeaders().put("x-should-retry", "false");
        response.write(true, ByteBuffer.wrap(Json.bytes(error.envelope(requestId))), callback);
        return true;
    }
}
