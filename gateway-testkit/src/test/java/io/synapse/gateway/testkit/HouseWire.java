package io.synapse.gateway.testkit;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** How {@link House} speaks to its upstream: well, but for one fault. */
final class HouseWire {
    private static final HttpClient SHARED = client();

    private final URI base;
    private final Fault fault;
    private final AtomicBoolean busy = new AtomicBoolean();

    HouseWire(URI base, Fault fault) {
        this.base = base;
        this.fault = fault;
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    boolean has(Fault one) {
        return fault == one;
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer key");
    }

    Map<String, Object> post(UpstreamCall call, String path, Map<String, Object> body) throws UpstreamException {
        if (!has(Fault.SERVES_ONE_AT_A_TIME)) {
            return json(whole(call, posted(path, body)));
        }
        if (!busy.compareAndSet(false, true)) {
            throw new UpstreamException(Kind.OVERLOADED, "one at a time", null);
        }
        try {
            return json(whole(call, posted(path, body)));
        } finally {
            busy.set(false);
        }
    }

    HttpRequest posted(String path, Map<String, Object> body) {
        return to(path).POST(BodyPublishers.ofString(PlainJson.write(body))).build();
    }

    static Map<String, Object> json(byte[] bytes) throws UpstreamException {
        try {
            return PlainJson.object(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            throw malformed();
        }
    }

    static UpstreamException malformed() {
        return new UpstreamException(Kind.MALFORMED, "answered with nonsense", null);
    }

    byte[] whole(UpstreamCall call, HttpRequest request) throws UpstreamException {
        try {
            return send(call, request, BodyHandlers.ofByteArray()).body();
        } catch (UpstreamException e) {
            boolean broken = e.kind() == Kind.UNREACHABLE && call.stopped() == null;
            if (broken && has(Fault.TAKES_A_CUT_FOR_AN_END) && !(e.getCause().getCause() instanceof ConnectException)) {
                return "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            }
            throw e;
        }
    }

    <T> HttpResponse<T> send(UpstreamCall call, HttpRequest request, BodyHandler<T> handler) throws UpstreamException {
        boolean unstoppable =
                has(Fault.CANNOT_BE_STOPPED) || (has(Fault.STARTS_ALTHOUGH_STOPPED) && call.stopped() != null);
        Duration most = has(Fault.CANNOT_BE_STOPPED) ? Duration.ofMinutes(1) : call.remaining();
        if (call.stopped() != null && !unstoppable) {
            throw broken(call, new CancellationException());
        }
        CompletableFuture<HttpResponse<T>> answer =
                (has(Fault.CONNECTS_ANEW) ? client() : SHARED).sendAsync(request, handler);
        if (!unstoppable) {
            call.onCancel(() -> answer.cancel(true));
        }
        try {
            HttpResponse<T> response = answer.get(most.toNanos(), TimeUnit.NANOSECONDS);
            if (response.statusCode() != 200) {
                throw failure(response);
            }
            return response;
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new UpstreamException(
                    has(Fault.CALLS_LATE_UNREACHABLE) ? Kind.UNREACHABLE : Kind.TIMED_OUT, "late", e);
        } catch (CancellationException | ExecutionException e) {
            throw broken(call, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    UpstreamException broken(UpstreamCall call, Exception e) {
        if (call.remaining().isZero() && !has(Fault.CANNOT_BE_STOPPED)) {
            return new UpstreamException(
                    has(Fault.CALLS_LATE_UNREACHABLE) ? Kind.UNREACHABLE : Kind.TIMED_OUT, "late", e);
        }
        boolean absent = e.getCause() instanceof ConnectException;
        boolean failed = absent ? has(Fault.TAKES_ABSENT_FOR_FAILED) : has(Fault.TAKES_A_HANG_UP_FOR_A_FAILURE);
        return new UpstreamException(failed ? Kind.FAILED : Kind.UNREACHABLE, "broke", e);
    }

    private UpstreamException failure(HttpResponse<?> response) {
        Kind kind = switch (response.statusCode()) {
            case 400 -> Kind.REJECTED;
            case 401 -> Kind.UNAUTHORIZED;
            case 402 -> Kind.QUOTA_EXHAUSTED;
            case 404 -> Kind.MODEL_GONE;
            case 429 -> Kind.RATE_LIMITED;
            case 503 -> Kind.OVERLOADED;
            default -> Kind.FAILED;
        };
        Duration wait = response.headers()
                .firstValue("Retry-After")
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(null);
        return new UpstreamException(
                has(Fault.KNOWS_ONE_KIND_OF_FAILURE) && wait == null ? Kind.FAILED : kind,
                "failed",
                has(Fault.FORGETS_THE_WAIT) ? null : wait,
                null,
                null);
    }

    byte[] file(UpstreamCall call, String url) throws UpstreamException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (has(Fault.SENDS_ITS_KEY_TO_FILES)) {
            request.header("Authorization", "Bearer key");
        }
        try {
            return whole(call, request.build());
        } catch (UpstreamException e) {
            if (e.kind() != Kind.MODEL_GONE || has(Fault.TAKES_A_LOST_FILE_FOR_A_LOST_MODEL)) {
                throw e;
            }
            throw new UpstreamException(
                    Kind.FAILED, "lost a file" + (has(Fault.TELLS_THE_URL) ? ": " + url : ""), null);
        }
    }

    /** Something that reads a body while it comes. */
    @FunctionalInterface
    interface Reader {
        void read(InputStream body) throws IOException, UpstreamException;
    }

    void stream(UpstreamCall call, HttpRequest request, Reader reader) throws UpstreamException {
        InputStream body = send(call, request, BodyHandlers.ofInputStream()).body();
        CompletableFuture<Void> over = new CompletableFuture<>();
        if (!has(Fault.CANNOT_BE_STOPPED)) {
            CompletableFuture<Void> unused = over.orTimeout(call.remaining().toNanos(), TimeUnit.NANOSECONDS)
                    .whenComplete((done, late) -> close(body));
            call.onCancel(() -> close(body));
        }
        try (body) {
            reader.read(body);
            boolean stopped = call.stopped() != null || call.remaining().isZero();
            if (stopped && !has(Fault.STARTS_ALTHOUGH_STOPPED) && !has(Fault.CANNOT_BE_STOPPED)) {
                throw broken(call, new IOException("closed"));
            }
        } catch (IOException e) {
            if (!has(Fault.TAKES_A_CUT_FOR_AN_END)
                    || call.stopped() != null
                    || call.remaining().isZero()) {
                throw broken(call, e);
            }
        } finally {
            over.complete(null);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
