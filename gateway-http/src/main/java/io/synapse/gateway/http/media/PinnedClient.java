package io.synapse.gateway.http.media;

import io.synapse.gateway.http.media.PictureFetcher.Resolver;
import io.synapse.gateway.media.AddressRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.Timeout;

/**
 * An HTTP client that connects to public addresses alone. A host is looked up once for a connection, all of its addresses
 * are checked, and one of them is connected to: there is no second answer of a name server that could differ. No
 * connection is used twice. It does nothing by itself: no redirects, cookies, retries, authentication, decompression or
 * proxies of the environment.
 */
final class PinnedClient {
    private static final Timeout CONNECT = Timeout.ofSeconds(3);
    private static final Timeout SILENCE = Timeout.ofSeconds(10);
    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_HEADERS = 100;
    private static final int MOST_HEADER_LINE = 16 * 1024;

    private PinnedClient() {}

    static CloseableHttpClient create(
            Resolver resolver, Function<InetAddress, InetSocketAddress> dial, SSLContext tls) {
        Http1Config bounds = Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(MOST_HEADER_LINE)
                .build();
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        // One host may not take all of them; and no host is remembered.
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS / 4)
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT)
                        .setConnPoolPolicy(PoolReusePolicy.LIFO)
                        .setDnsResolver(new PublicAddresses(resolver, dial))
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(bounds)
                                .build())
                        .setDefaultSocketConfig(
                                SocketConfig.custom().setSoTimeout(CONNECT).build())
                        .setDefaultTlsConfig(
                                TlsConfig.custom().setHandshakeTimeout(CONNECT).build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .setSocketTimeout(SILENCE)
                                .build())
                        .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(CONNECT)
                        .setResponseTimeout(SILENCE)
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setContentCompressionEnabled(false)
                        .setExpectContinueEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setDefaultHeaders(List.of(
                        new BasicHeader(HttpHeaders.ACCEPT, "image/png, image/jpeg, image/webp, image/gif"),
                        new BasicHeader(HttpHeaders.ACCEPT_ENCODING, "identity")))
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableConnectionState()
                .disableContentCompression()
                .disableCookieManagement()
                .disableRedirectHandling()
                .setUserAgent("synapse-gateway")
                .build();
    }

    private record PublicAddresses(Resolver resolver, Function<InetAddress, InetSocketAddress> dial)
            implements DnsResolver {
        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            return Arrays.stream(resolve(host)).map(dial).toList();
        }

        /** One that is not public spoils all: who mixes them means to get at it. */
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = resolver.resolve(host);
            if (addresses.length == 0 || !Arrays.stream(addresses).allMatch(AddressRule::isPublic)) {
                throw new UnknownHostException("not a public host");
            }
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
