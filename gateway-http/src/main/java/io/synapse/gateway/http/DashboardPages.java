package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.synapse.gateway.Gateway;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The pages for people: dashboard, playground and documentation. One HTML page serves every address of theirs; scripts in
 * it show the right one. Files are read once, at the start, so that a request can only ever name one of those.
 *
 * <p>Files are referred to by a version in their path, and browsers keep them for good: other files have another version.
 */
final class DashboardPages implements Routes {
    /** Nothing inline, nothing from elsewhere; pictures and sound that the playground made are {@code blob:}. */
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; form-action 'self';"
            + " frame-ancestors 'none'; base-uri 'none'";

    private static final List<String> ADDRESSES =
            List.of("/", "/login", "/signup", "/docs", "/dashboard", "/dashboard/<page>");
    private static final String ASSETS = "/assets/";
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "no-cache";
    private static final String PAGE = "index.html";
    private static final String DESCRIPTION = "openapi.json";

    private final Gateway gateway;
    private final StaticFiles files = StaticFiles.load("dashboard", PAGE);
    private final StaticFiles.File page;

    DashboardPages(Gateway gateway) {
        this.gateway = gateway;
        String html = new String(files.get(PAGE).bytes(), StandardCharsets.UTF_8);
        this.page = new StaticFiles.File(
                PAGE, html.replace("{version}", files.version()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void addTo(Router router) {
        for (String address : ADDRESSES) {
            router.route(address, get(ctx -> serve(ctx, page, ASK_AGAIN)));
        }
        router.route(ASSETS + "<file>", get(this::asset));
        for (String root : List.of("/api/v1/", "/v1/")) {
            router.route(root + DESCRIPTION, get(ctx -> serve(ctx, files.get(DESCRIPTION), ASK_AGAIN)));
        }
        router.route("/api/catalog", get(this::catalog));
    }

    private static Map<HandlerType, Handler> get(Handler handler) {
        return Map.of(HandlerType.GET, handler);
    }

    /** A file by its version, which may be kept, or by its plain path, which has to be asked for each time. */
    private void asset(Context ctx) {
        String path = ctx.pathParam("file");
        String prefix = files.version() + "/";
        boolean versioned = path.startsWith(prefix);
        StaticFiles.File file = files.find(versioned ? path.substring(prefix.length()) : path)
                .filter(found -> !found.path().equals(PAGE))
                .orElseThrow(() -> new ApiException(ApiError.notFound(ctx.path())));
        serve(ctx, file, versioned ? FOR_GOOD : ASK_AGAIN);
    }

    /** The models on offer and their prices, which the documentation shows to everybody; as in {@code GET /models}. */
    private void catalog(Context ctx) {
        secure(ctx);
        ctx.header("Cache-Control", ASK_AGAIN);
        Exchange.of(ctx)
                .json(
                        200,
                        Map.of(
                                "object",
                                "list",
                                "data",
                                gateway.models().stream()
                                        .map(model -> ModelsHandler.entry(model, gateway.available(model)))
                                        .toList()));
    }

    private static void serve(Context ctx, StaticFiles.File file, String caching) {
        secure(ctx);
        ctx.header("Cache-Control", caching).header("ETag", file.etag()).header("Vary", "Accept-Encoding");
        String known = ctx.header("If-None-Match");
        if (known != null && known.contains(file.etag())) {
            ctx.status(304);
            return;
        }
        String encodings = ctx.header("Accept-Encoding");
        boolean compressed = encodings != null && encodings.contains("gzip");
        if (compressed) {
            ctx.header("Content-Encoding", "gzip");
        }
        ctx.contentType(file.type()).result(compressed ? file.gzip() : file.bytes());
    }

    private static void secure(Context ctx) {
        ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()");
    }
}
