package io.synapse.gateway.providers.http;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client that all adapters share: one for a process, safe for use by many threads. It does what an adapter asks
 * and nothing by itself: no redirects, cookies, retries, authentication, decompression or proxies of the environment.
 * Calls block; stopping the {@link UpstreamCall} closes the connection at once.
 */
public final class UpstreamHttp implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 4096;
    private static final int MOST_CONNECTIONS_PER_HOST = 1024;
    private static final int MOST_HEADERS = 200;
    private static final int MOST_HEADER_LINE = 64 * 1024;

    private final UpstreamLimits limits;
    /** For the upstreams that the operator has configured, wherever they are. */
    private final Client configured;
    /** For what an upstream's answer points to: public addresses alone, and no connection shared with the other. */
    private final Client named;

    private final ScheduledThreadPoolExecutor deadlines;

    private record Client(PoolingHttpClientConnectionManager connections, CloseableHttpClient http) {}

    /** A client with the {@linkplain UpstreamLimits#DEFAULT default limits} and the system's resolver. */
    public UpstreamHttp() {
        this(UpstreamLimits.DEFAULT, AddressResolver.SYSTEM);
    }

    /**
     * @param limits how long and how large things may be
     * @param addresses which addresses a host has
     */
    public UpstreamHttp(UpstreamLimits limits, AddressResolver addresses) {
        this.limits = limits;
        this.configured = client(connections(limits, addresses));
        this.named = client(connections(limits, new PublicAddresses(addresses)));
        this.deadlines = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "upstream-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
        long sweep = Math.max(1, limits.keepAlive().toMillis() / 2);
        ScheduledFuture<?> unused =
                deadlines.scheduleWithFixedDelay(this::closeUnused, sweep, sweep, TimeUnit.MILLISECONDS);
    }

    /**
     * Posts a JSON body and returns as soon as the head of the answer is there, whatever its status.
     *
     * @param call bounds how long everything may take, reading the answer included, and can stop it
     * @param uri where to
     * @param headers what to say beside {@code Content-Type}, {@code Content-Length} and {@code Host}
     * @param body the JSON
     * @return the answer, to be closed
     * @throws UpstreamException if no answer came: unreachable or timed out
     */
    public UpstreamResponse post(UpstreamCall call, URI uri, Map<String, String> headers, byte[] body)
            throws UpstreamException {
        HttpPost request = new HttpPost(uri);
        request.setHeader("Content-Type", "application/json");
        request.setEntity(new ByteArrayEntity(body, null));
        return open(call, configured, request, uri, headers);
    }

    /** Posts a form, otherwise like {@link #post(UpstreamCall, URI, Map, byte[])}. */
    public UpstreamResponse post(UpstreamCall call, URI uri, Map<String, String> headers, Multipart form)
            throws UpstreamException {
        HttpPost request = new HttpPost(uri);
        // Its Content-Type, with the boundary, is the entity's.
        request.setEntity(new MultipartEntity(form));
        return open(call, configured, request, uri, headers);
    }

    /** Posts a file as it is, otherwise like {@link #post(UpstreamCall, URI, Map, byte[])}. */
    public UpstreamResponse post(UpstreamCall call, URI uri, Map<String, String> headers, Media file)
            throws UpstreamException {
        HttpPost request = new HttpPost(uri);
        request.setHeader("Content-Type", Headers.checkedValue(file.type()));
        request.setEntity(new ByteArrayEntity(file.bytes(), null));
        return open(call, configured, request, uri, headers);
    }

    /** Puts nothing at a configured upstream, which is a command, otherwise like {@link #get}. */
    public UpstreamResponse put(UpstreamCall call, URI uri, Map<String, String> headers) throws UpstreamException {
        return open(call, configured, new HttpPut(uri), uri, headers);
    }

    /** Gets what is at a configured upstream, otherwise like {@link #post(UpstreamCall, URI, Map, byte[])}. */
    public UpstreamResponse get(UpstreamCall call, URI uri, Map<String, String> headers) throws UpstreamException {
        return open(call, configured, new HttpGet(uri), uri, headers);
    }

    /**
     * Gets what is at a URL that somebody else names, an upstream's answer for instance. Sends nothing of ours along, and
     * connects to {@linkplain PublicAddresses public addresses} alone: a host that has none is unreachable.
     */
    public UpstreamResponse getPublic(UpstreamCall call, URI uri) throws UpstreamException {
        return open(call, named, new HttpGet(uri), uri, Map.of());
    }

    private UpstreamResponse open(
            UpstreamCall call, Client client, HttpUriRequestBase request, URI uri, Map<String, String> headers)
            throws UpstreamException {
        headers.forEach((name, value) -> request.setHeader(Headers.checkedName(name), Headers.checkedValue(value)));
        Duration left = call.remaining();
        request.setConfig(config(left));
        Exchange exchange = new Exchange(call, uri.getHost(), request::cancel);
        exchange.endsAt(deadlines.schedule(exchange::timeOut, left.toNanos(), TimeUnit.NANOSECONDS));
        call.onCancel(exchange::abort);
        try {
            return new UpstreamResponse(exchange, client.http().executeOpen(null, request, null), limits, this::later);
        } catch (IOException | RuntimeException e) {
            exchange.done();
            throw exchange.failure(e);
        }
    }

    /** Closes every connection, those in use too. */
    @Override
    public void close() {
        deadlines.shutdownNow();
        configured.http().close(CloseMode.IMMEDIATE);
        named.http().close(CloseMode.IMMEDIATE);
    }

    private void closeUnused() {
        Stream.of(configured, named).map(Client::connections).forEach(connections -> {
            connections.closeExpired();
            connections.closeIdle(TimeValue.of(limits.keepAlive()));
        });
    }

    private ScheduledFuture<?> later(Runnable action, Duration delay) {
        return deadlines.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private RequestConfig config(Duration left) {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(timeout(limits.connect(), left))
                .setResponseTimeout(timeout(limits.idle(), left))
                .setRedirectsEnabled(false)
                .setAuthenticationEnabled(false)
                .setContentCompressionEnabled(false)
                .setExpectContinueEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .setDefaultKeepAlive(limits.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    /** The shorter of the two; at least a millisecond, because nothing means for ever. */
    private static Timeout timeout(Duration limit, Duration left) {
        return Timeout.ofMilliseconds(Math.max(1, Math.min(limit.toMillis(), left.toMillis())));
    }

    private static Client client(PoolingHttpClientConnectionManager connections) {
        CloseableHttpClient http = HttpClients.custom()
                .setConnectionManager(connections)
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableConnectionState()
                .disableContentCompression()
                .disableCookieManagement()
                .disableRedirectHandling()
                .setUserAgent("synapse-gateway")
                .build();
        return new Client(connections, http);
    }

    private static PoolingHttpClientConnectionManager connections(UpstreamLimits limits, AddressResolver addresses) {
        Http1Config bounds = Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(MOST_HEADER_LINE)
                .build();
        Timeout connect = Timeout.of(limits.connect());
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(MOST_CONNECTIONS_PER_HOST)
                // The other policies bound no total, and never forget a host.
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT)
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                .setDnsResolver(new Resolver(addresses))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(bounds)
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .setSoTimeout(connect)
                        .build())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(connect).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(Timeout.of(limits.idle()))
                        .setTimeToLive(TimeValue.ofMinutes(10))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .build();
    }

    private record Resolver(AddressResolver addresses) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return addresses.resolve(host);
        }

        @Override
        public @Nullable String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
