package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.http.media.MultipartForm;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, to be read once: its type is checked, and its size both as declared and as it arrives.
 *
 * @param contentType what it says that it is, or null
 * @param contentEncoding how it says that it is encoded, or null
 * @param length how long it says that it is, or -1
 * @param source opens it
 * @param most the most bytes that the endpoint takes
 */
record RequestBody(
        @Nullable String contentType, @Nullable String contentEncoding, long length, Source source, int most) {
    /** Opens a body. */
    @FunctionalInterface
    interface Source {
        /** Opens it. */
        InputStream open() throws IOException;
    }

    /** The body of a request, not read yet; what is read of it counts as this share. */
    static RequestBody of(Context ctx, int most, BodyBudget.Share share) {
        return of(ctx, most, () -> share.counted(ctx.req().getInputStream()));
    }

    private static RequestBody of(Context ctx, int most, Source source) {
        HttpServletRequest request = ctx.req();
        return new RequestBody(
                request.getContentType(),
                request.getHeader("Content-Encoding"),
                request.getContentLengthLong(),
                source,
                most);
    }

    /** The JSON object that a request's body is, of at most so many bytes: a few. */
    static Map<String, @Nullable Object> json(Context ctx, int most) {
        return of(ctx, most, ctx.req()::getInputStream).json();
    }

    /** The JSON object that it is. */
    Map<String, @Nullable Object> json() {
        if (contentType == null || !isJson(contentType) || contentEncoding != null) {
            throw new ApiException(ApiError.unsupportedMediaType("application/json"));
        }
        return Json.object(bytes());
    }

    /** Whether it is a form with files. */
    boolean isForm() {
        return contentType != null
                && contentType.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    /** The form that it is. */
    MultipartForm form() {
        return MultipartForm.read(this.isForm() ? contentType : null, contentEncoding, length, source::open, most);
    }

    /** All of it. */
    byte[] bytes() {
        if (length > most) {
            throw new ApiException(ApiError.payloadTooLarge(most));
        }
        try (InputStream in = source.open()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new ApiException(ApiError.payloadTooLarge(most));
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidRequestException(null, "The body broke off before its end.");
        }
    }

    /** The same body, once it has been read: it can be read again, and does not need the connection any more. */
    RequestBody kept(byte[] bytes) {
        return new RequestBody(contentType, contentEncoding, bytes.length, () -> new ByteArrayInputStream(bytes), most);
    }

    private static boolean isJson(String contentType) {
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }
}
