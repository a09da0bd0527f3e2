package io.synapse.gateway.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.http.media.MediaTooLargeException;
import io.synapse.gateway.http.media.NotMultipartException;
import io.synapse.gateway.http.media.Pictures;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.media.MediaStore;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: the API under {@code /api/v1} and {@code /v1}, the pages for people, health and metrics. Runs from {@link #start} until it
 * is closed; closing refuses new calls and lets those that run come to their end. Safe for use by many threads.
 */
public final class GatewayServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GatewayServer.class.getName());
    private static final List<String> ROOTS = List.of("/api/v1", "/v1");
    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final int MOST_RESPONSE_HEADER_BYTES = 16 * 1024;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Gateway gateway;
    private final Metrics metrics;
    private final BooleanSupplier ready;
    private final Media media;
    private final Door door;
    private final MediaAnswers answers;
    private final MeteredCalls calls;
    private final Limits limits;
    private final List<Routes> more;
    private final KeepAlive keepAlive = new KeepAlive();
    private final AtomicInteger open = new AtomicInteger();
    private final Javalin javalin;
    private volatile boolean closing;

    private GatewayServer(
            Gateway gateway,
            Metrics metrics,
            BooleanSupplier ready,
            Media media,
            Repeats repeats,
            Limits limits,
            List<Routes> more) {
        this.gateway = gateway;
        this.metrics = metrics;
        this.ready = ready;
        this.media = media;
        this.door = new Door(gateway);
        this.answers = new MediaAnswers(media.store(), media.publicUrl());
        this.limits = limits;
        this.calls = new MeteredCalls(
                door,
                answers,
                new IdempotentCalls(repeats.store(), repeats.patience(), repeats.lease()),
                limits.sendTimeout(),
                new BodyBudget(limits.bodyBytes()));
        this.more = List.copyOf(more);
        this.javalin = Javalin.create(this::configure);
        metrics.gauge("synapse.streams.open", "Event streams that are open", keepAlive::watched);
        metrics.gauge("synapse.http.open", "HTTP requests that are being answered", open::get);
        metrics.gauge("synapse.http.body.bytes", "Bytes of requests' bodies that are held", calls::bodyBytes);
    }

    /**
     * How media come in and go out.
     *
     * @param pictures reads the pictures that requests hold or name
     * @param store keeps what answers refer to by URL
     * @param publicUrl how the server is reached from outside, or null to tell it from each request
     */
    public record Media(
            Pictures pictures, MediaStore store, @Nullable URI publicUrl) {}

    /**
     * What becomes of calls that are sent again.
     *
     * @param store remembers them
     * @param patience how long a caller waits for an answer
     * @param lease how long a claim outlives the death of this server
     */
    public record Repeats(IdempotencyStore store, Duration patience, Duration lease) {}

    /**
     * How much the server takes on.
     *
     * @param sendTimeout how long a caller may take nothing of a stream that waits for him, before he is given up
     * @param connections how many it has open at once; more wait to be accepted
     * @param bodyBytes the bytes of requests' bodies that it holds at once; what comes on top of it is turned away
     */
    public record Limits(Duration sendTimeout, int connections, long bodyBytes) {
        /** An eighth of the heap for bodies, which become several times as much. */
        public static long bodyBytesOfTheHeap() {
            return Math.max(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);
        }
    }

    /**
     * Starts a server.
     *
     * @param gateway the engine it serves; closed with the server
     * @param metrics what {@code /metrics} tells
     * @param ready whether the stores behind the engine can be reached, for {@code /readyz}
     * @param media how media come in and go out
     * @param repeats what becomes of calls that are sent again
     * @param limits how much it takes on
     * @param more what it serves besides
     * @param host the address to listen on
     * @param port the port to listen on; 0 for any that is free
     */
    public static GatewayServer start(
            Gateway gateway,
            Metrics metrics,
            BooleanSupplier ready,
            Media media,
            Repeats repeats,
            Limits limits,
            List<Routes> more,
            String host,
            int port) {
        GatewayServer server = new GatewayServer(gateway, metrics, ready, media, repeats, limits, more);
        server.javalin.start(host, port);
        return server;
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    /** The paths that are served, as patterns such as {@code /api/v1/charges/{id}}. */
    public Set<String> paths() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .filter(handler -> handler.endpoint.method.isHttpMethod())
                .map(handler -> handler.endpoint.path)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        // Every endpoint bounds its own body; see RequestBody.
        config.http.maxRequestSize = Long.MAX_VALUE;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.generateEtags = false;
        config.jetty.modifyHttpConfiguration(GatewayServer::harden);
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new JettyErrors());
            server.addBean(new NetworkConnectionLimit(limits.connections(), server));
        });
        // Model ids hold slashes, which SDKs send encoded.
        config.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        routes(config);
    }

    private static void harden(HttpConfiguration http) {
        http.setRequestHeaderSize(MOST_HEADER_BYTES);
        http.setResponseHeaderSize(MOST_RESPONSE_HEADER_BYTES);
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        // Request ids may hold any visible character, a slash and a percent sign too.
        http.setUriCompliance(UriCompliance.RFC3986.with(
                "encoded-names",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS));
    }

    private void routes(JavalinConfig config) {
        config.routes.before(ctx -> {
            open.incrementAndGet();
            // Not in an after handler: the last bytes go out after it.
            Request.addCompletionListener(
                    ServletContextRequest.getServletContextRequest(ctx.req()), failure -> open.decrementAndGet());
            Exchange.of(ctx);
        });
        config.routes.after(ctx -> {
            Exchange exchange = Exchange.of(ctx);
            metrics.answered(exchange.route(), ctx.method().name(), ctx.statusCode(), exchange.age());
        });
        ChargesHandler charges = new ChargesHandler(gateway, door);
        ModelsHandler models = new ModelsHandler(gateway, door);
        ImagesHandler images = new ImagesHandler(gateway, media.pictures(), answers);
        ApiEndpoint chat = new ChatHandler(gateway, keepAlive);
        ApiEndpoint captions = new CaptionsHandler(gateway, media.pictures());
        ApiEndpoint speech = new SpeechHandler(gateway);
        ApiEndpoint transcriptions = new TranscriptionsHandler(gateway);
        ApiEndpoint embeddings = new EmbeddingsHandler(gateway);
        ApiEndpoint videos = new VideosHandler(gateway, media.pictures(), answers);
        for (String root : ROOTS) {
            metered(config, root + "/chat/completions", ChatHandler.MOST_BYTES, chat);
            metered(config, root + "/images/captions", CaptionsHandler.MOST_BYTES, captions);
            metered(config, root + "/images/generations", ImagesHandler.MOST_BYTES, images::generate);
            metered(config, root + "/images/edits", ImagesHandler.MOST_BYTES, images::edit);
            metered(config, root + "/videos/generations", VideosHandler.MOST_BYTES, videos);
            metered(config, root + "/audio/speech", SpeechHandler.MOST_BYTES, speech);
            metered(config, root + "/audio/transcriptions", TranscriptionsHandler.MOST_BYTES, transcriptions);
            metered(config, root + "/embeddings", EmbeddingsHandler.MOST_BYTES, embeddings);
            route(config, HandlerType.GET, root + "/charges/{id}", charges::one);
            route(config, HandlerType.GET, root + "/models", models::list);
            route(config, HandlerType.GET, root + "/models/<id>", models::one);
        }
        route(config, HandlerType.GET, MediaAnswers.ROUTE + "{name}", answers::serve);
        route(
                config,
                HandlerType.GET,
                "/healthz",
                ctx -> ctx.contentType("text/plain").result("ok"));
        route(config, HandlerType.GET, "/readyz", this::readiness);
        route(
                config,
                HandlerType.GET,
                "/metrics",
                ctx -> ctx.contentType(Metrics.CONTENT_TYPE).result(metrics.scrape()));
        Router router = new Router(config);
        new DashboardPages(gateway).addTo(router);
        more.forEach(routes -> routes.addTo(router));
        config.routes.exception(Exception.class, this::fail);
        // Javalin has a mapper of its own for these, which would win.
        config.routes.exception(HttpResponseException.class, this::fail);
    }

    private void metered(JavalinConfig config, String path, int mostBytes, ApiEndpoint endpoint) {
        route(config, HandlerType.POST, path, calls.handler(mostBytes, endpoint));
    }

    private static void route(JavalinConfig config, HandlerType method, String path, Handler handler) {
        new Router(config).route(path, Map.of(method, handler));
    }

    private void readiness(Context ctx) {
        boolean serves = !closing && ready.getAsBoolean();
        ctx.status(serves ? 200 : 503).contentType("text/plain").result(serves ? "ready" : "not ready");
    }

    private void fail(Exception e, Context ctx) {
        Exchange exchange = Exchange.of(ctx);
        if (ctx.res().isCommitted()) {
            LOG.log(Level.DEBUG, "request {0} broke off", exchange.requestId());
            return;
        }
        exchange.fail(errorOf(e, ctx, exchange));
    }

    private ApiError errorOf(Exception e, Context ctx, Exchange exchange) {
        if (e instanceof ApiException own) {
            return own.error().status() == 405 ? behindKey(own.error(), ctx) : own.error();
        }
        if (e instanceof MediaTooLargeException large) {
            return ApiError.payloadTooLarge(large.most());
        }
        if (e instanceof NotMultipartException) {
            return ApiError.unsupportedMediaType("multipart/form-data");
        }
        if (e instanceof HttpResponseException javalins) {
            return javalins.getStatus() == 404
                    ? behindKey(ApiError.notFound(ctx.path()), ctx)
                    : ApiError.malformed(javalins.getStatus(), "The request cannot be served as it was sent.");
        }
        GatewayError error = e instanceof RuntimeException some ? Gateway.errorOf(some) : new GatewayError.Internal();
        if (error instanceof GatewayError.Internal) {
            LOG.log(Level.ERROR, "request " + exchange.requestId() + " failed", e);
        }
        return ApiError.of(error);
    }

    /** Under the API's roots a key is asked for first, even where there is nothing to be had. */
    private ApiError behindKey(ApiError error, Context ctx) {
        if (ROOTS.stream().anyMatch(root -> (ctx.path() + "/").startsWith(root + "/"))) {
            try {
                Admission unused = door.admit(ctx);
            } catch (ApiException e) {
                return e.error();
            } catch (RuntimeException e) {
                return ApiError.of(Gateway.errorOf(e));
            }
        }
        return error;
    }

    /** Refuses new calls, waits for those that run to finish and settle, then stops listening. */
    @Override
    public void close() {
        closing = true;
        gateway.close();
        calls.close();
        awaitLastWords();
        javalin.stop();
        keepAlive.close();
    }

    /** A call that is settled still has to write its last bytes. */
    private void awaitLastWords() {
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            while (open.get() > 0 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
