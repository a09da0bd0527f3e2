package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.MediaStore;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Media in answers: as base64, or as a URL that the gateway serves itself. The URL needs no key, since an image tag has
 * none to send; its name cannot be guessed.
 */
final class MediaAnswers {
    static final String ROUTE = "/media/";
    private static final Duration LIFETIME = Duration.ofHours(2);

    private final MediaStore store;
    private final @Nullable URI publicUrl;

    MediaAnswers(MediaStore store, @Nullable URI publicUrl) {
        this.store = store;
        this.publicUrl = publicUrl;
    }

    /** Puts media into an answer's entry, in the form that was asked for. */
    void put(Map<String, @Nullable Object> entry, Media media, boolean asUrl, String base) {
        if (asUrl) {
            entry.put("url", base + ROUTE + store.keep(media, LIFETIME));
        } else {
            entry.put("b64_json", Base64.getEncoder().encodeToString(media.bytes()));
        }
    }

    /** The gateway's own address as a caller reaches it, without a slash at its end. */
    String base(Context ctx) {
        if (publicUrl != null) {
            return publicUrl.toString().replaceAll("/+$", "");
        }
        String host = ctx.host();
        return ctx.scheme() + "://" + (host == null ? "127.0.0.1:" + ctx.port() : host);
    }

    /** {@code GET /media/{name}}. */
    void serve(Context ctx) {
        Media media = store.find(ctx.pathParam("name"))
                .orElseThrow(() -> new ApiException(ApiError.notFound("this address, or no longer")));
        // What a model made is data: no browser is to take it for a page of ours.
        ctx.res().setHeader("X-Content-Type-Options", "nosniff");
        ctx.res().setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
        ctx.res().setHeader("Cache-Control", "private, max-age=3600");
        ctx.res().setContentLength(media.bytes().length);
        ctx.contentType(media.type()).result(media.bytes());
    }
}
