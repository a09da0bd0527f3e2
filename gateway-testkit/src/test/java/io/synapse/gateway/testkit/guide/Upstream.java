package io.synapse.gateway.testkit.guide;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.synapse.gateway.media.AddressRule;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One upstream behind HTTP, asked with the JDK's client. Safe for use by many threads. */
final class Upstream implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI base;
    private final String key;

    Upstream(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    // guide: ask
    /** A request to a path of the upstream, with our key. */
    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + key);
    }

    /** Posts JSON and returns the whole answer. */
    JsonNode post(UpstreamCall call, String path, JsonNode body) throws UpstreamException {
        HttpRequest request = to(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        return json(send(call, request, BodyHandlers.ofByteArray()));
    }

    /** Sends a request, whose answer has to be a success, and ends with the call. */
    <T> HttpResponse<T> send(UpstreamCall call, HttpRequest request, BodyHandler<T> handler) throws UpstreamException {
        if (call.stopped() != null) {
            throw broken(call, new CancellationException());
        }
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
        call.onCancel(() -> answer.cancel(true));
        try {
            HttpResponse<T> response = answer.get(call.remaining().toNanos(), TimeUnit.NANOSECONDS);
            if (response.statusCode() / 100 != 2) {
                throw failure(response);
            }
            return response;
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new UpstreamException(Kind.TIMED_OUT, "did not answer in time", e);
        } catch (CancellationException | ExecutionException e) {
            throw broken(call, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new UpstreamException(Kind.UNREACHABLE, "the call was interrupted", e);
        }
    }

    /** What it means that a connection broke: our doing, if the call was stopped. */
    static UpstreamException broken(UpstreamCall call, Throwable e) {
        boolean late = call.stopped() == UpstreamCall.Stop.TIMED_OUT
                || call.remaining().isZero();
        return late
                ? new UpstreamException(Kind.TIMED_OUT, "did not answer in time", e)
                : new UpstreamException(Kind.UNREACHABLE, "could not be reached, or broke off", e);
    }
    // guide: end

    // guide: failure
    private static UpstreamException failure(HttpResponse<?> response) {
        Kind kind = switch (response.statusCode()) {
            case 400, 413, 415, 422 -> Kind.REJECTED;
            case 401, 403 -> Kind.UNAUTHORIZED;
            case 402 -> Kind.QUOTA_EXHAUSTED;
            case 404, 410 -> Kind.MODEL_GONE;
            case 408, 504 -> Kind.TIMED_OUT;
            case 429 -> Kind.RATE_LIMITED;
            case 503, 529 -> Kind.OVERLOADED;
            default -> Kind.FAILED;
        };
        Duration wait = response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("[0-9]{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(null);
        return new UpstreamException(kind, "answered " + response.statusCode(), wait, null, null);
    }
    // guide: end

    static JsonNode json(HttpResponse<byte[]> response) throws UpstreamException {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw malformed("answered with something that is not JSON");
        }
    }

    static JsonNode json(String line) throws UpstreamException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw malformed("answered with something that is not JSON");
        }
    }

    static UpstreamException malformed(String message) {
        return new UpstreamException(Kind.MALFORMED, message, null);
    }

    /** Cannot be done here, though another upstream may be able to. */
    static UpstreamException unsupported(String field) {
        return new UpstreamException(
                Kind.UNSUPPORTED, "'" + field + "' is not supported by this model; leave it out.", null, field, null);
    }

    // guide: options
    /** Merges what a caller wants said to this upstream into its body, but for what the charge or the answer hangs on. */
    static void merge(ObjectNode body, String provider, Map<String, Object> options, Set<String> owned)
            throws UpstreamException {
        for (String name : options.keySet()) {
            if (owned.contains(name)) {
                String field = "providerOptions." + provider + "." + name;
                throw new UpstreamException(Kind.REJECTED, "'" + field + "' cannot be set.", null, field, null);
            }
            body.set(name, JSON.valueToTree(options.get(name)));
        }
    }
    // guide: end

    // guide: stream
    /** What reads an answer while it comes. */
    @FunctionalInterface
    interface Reader {
        void read(InputStream body) throws IOException, UpstreamException;
    }

    /** Sends a request and has its answer read while it comes, until its end or the call's. */
    void stream(UpstreamCall call, HttpRequest request, Reader reader) throws UpstreamException {
        InputStream body = send(call, request, BodyHandlers.ofInputStream()).body();
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<Void> unused = over.orTimeout(call.remaining().toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((done, late) -> close(body));
        call.onCancel(() -> close(body));
        try {
            reader.read(body);
            if (call.stopped() != null || call.remaining().isZero()) {
                // A body that is closed under its reader may look as if it had ended.
                throw broken(call, new IOException("closed"));
            }
        } catch (IOException e) {
            throw broken(call, e);
        } finally {
            over.complete(null);
        }
    }
    // guide: end

    // guide: file
    /** Fetches a file that an answer names: without our key, and from nowhere that is not public but the upstream itself. */
    byte[] file(UpstreamCall call, String url) throws UpstreamException {
        HttpRequest request;
        try {
            URI uri = URI.create(url);
            boolean itself = base.getScheme().equals(uri.getScheme())
                    && base.getAuthority().equals(uri.getAuthority());
            if (!itself
                    && (!"https".equals(uri.getScheme())
                            || !AddressRule.isPublic(InetAddress.getByName(uri.getHost())))) {
                throw malformed("named a file that is not on the public Internet");
            }
            request = HttpRequest.newBuilder(uri).build();
        } catch (IOException | IllegalArgumentException e) {
            throw malformed("named a file by a URL that is none");
        }
        try {
            return send(call, request, BodyHandlers.ofByteArray()).body();
        } catch (UpstreamException e) {
            // A file that is missing is not a model that is missing.
            boolean ours = e.kind() == Kind.UNREACHABLE || e.kind() == Kind.TIMED_OUT;
            throw ours ? e : new UpstreamException(Kind.FAILED, "hosts a file that cannot be fetched", e);
        }
    }
    // guide: end

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // It was ours to end, one way or the other.
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
