package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.synapse.gateway.fault.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a request's body: its type is checked, and its size both as declared and as it arrives. */
final class RequestBody {
    private RequestBody() {}

    /** The JSON object that the body is, of at most so many bytes. */
    static Map<String, @Nullable Object> json(Context ctx, int mostBytes) {
        String type = ctx.req().getContentType();
        if (type == null || !isJson(type) || ctx.req().getHeader("Content-Encoding") != null) {
            throw new ApiException(ApiError.unsupportedMediaType("application/json"));
        }
        return Json.object(bytes(ctx, mostBytes));
    }

    /** Whether the body is a form with files. */
    static boolean isMultipart(Context ctx) {
        String type = ctx.req().getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    private static boolean isJson(String contentType) {
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }

    private static byte[] bytes(Context ctx, int mostBytes) {
        if (ctx.req().getContentLengthLong() > mostBytes) {
            throw new ApiException(ApiError.payloadTooLarge(mostBytes));
        }
        try (InputStream in = ctx.req().getInputStream()) {
            byte[] bytes = in.readNBytes(mostBytes + 1);
            if (bytes.length > mostBytes) {
                throw new ApiException(ApiError.payloadTooLarge(mostBytes));
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidRequestException(null, "The body broke off before its end.");
        }
    }
}
