package io.synapse.gateway.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Takes routes while the server is put together. Errors that handlers throw are answered in the API's envelope. */
public final class Router {
    private static final List<HandlerType> METHODS = List.of(
            HandlerType.GET,
            HandlerType.HEAD,
            HandlerType.POST,
            HandlerType.PUT,
            HandlerType.PATCH,
            HandlerType.DELETE,
            HandlerType.OPTIONS,
            HandlerType.TRACE);

    private final JavalinConfig config;

    Router(JavalinConfig config) {
        this.config = config;
    }

    /** Serves a path by these methods, and HEAD where there is GET; to any other it tells which they are. */
    public void route(String path, Map<HandlerType, Handler> handlers) {
        String allowed = METHODS.stream()
                .filter(handlers::containsKey)
                .map(HandlerType::name)
                .collect(Collectors.joining(", "));
        for (HandlerType method : METHODS) {
            HandlerType served = method.equals(HandlerType.HEAD) ? HandlerType.GET : method;
            Handler handler = handlers.getOrDefault(served, ctx -> {
                ctx.res().setHeader("Allow", allowed);
                throw new ApiException(ApiError.methodNotAllowed(method.name(), allowed));
            });
            config.routes.addHttpHandler(method, path, ctx -> {
                Exchange.of(ctx).route(path);
                handler.handle(ctx);
            });
        }
    }

    /** Does something before every request below a path ({@code /api/account/*}), whether there is a route or not. */
    public void before(String path, Handler handler) {
        config.routes.before(path, handler);
    }
}
