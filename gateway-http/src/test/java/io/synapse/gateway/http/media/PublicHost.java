package io.synapse.gateway.http.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.synapse.gateway.fault.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A TLS server on this machine that stands for public hosts named {@code *.pictures.example}, and remembers which
 * addresses were connected to, as the fetcher sees it.
 */
final class PublicHost implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final HttpsServer server;
    private final SSLContext tls;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** The addresses that were connected to, in their order. */
    final List<InetAddress> dialed = new CopyOnWriteArrayList<>();

    PublicHost(Path temp) throws IOException, GeneralSecurityException, InterruptedException {
        tls = context(temp);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.start();
    }

    private static SSLContext context(Path temp) throws IOException, GeneralSecurityException, InterruptedException {
        Path file = temp.resolve("tls.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "tls",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-dname",
                        "CN=pictures",
                        "-ext",
                        "SAN=dns:pictures.example,dns:*.pictures.example",
                        "-validity",
                        "2")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    void serve(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    void serve(String path, byte[] body) {
        serve(path, exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    void redirect(String path, String location) {
        serve(path, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
    }

    /** A fetcher for which every address that it may connect to leads here. */
    PictureFetcher fetcher(PictureFetcher.Resolver resolver, Duration total) {
        return fetcher(resolver, tls, total);
    }

    PictureFetcher fetcher(PictureFetcher.Resolver resolver, SSLContext context, Duration total) {
        return new PictureFetcher(
                true,
                resolver,
                checked -> {
                    dialed.add(checked);
                    return server.getAddress();
                },
                context,
                total);
    }

    static String refusal(PictureFetcher fetcher, String url) {
        AtomicReference<String> message = new AtomicReference<>();
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> fetcher.fetch("image", url))
                .satisfies(e -> {
                    assertThat(e.param()).isEqualTo("image");
                    message.set(e.getMessage());
                });
        return message.get();
    }

    /** Always in the same words. */
    static void assertRefused(PictureFetcher fetcher, String url) {
        assertThat(refusal(fetcher, url))
                .isEqualTo("'image' could not be fetched: it must be an https URL on port 443 of a public host that"
                        + " answers within 10 seconds, after 3 redirects at most, with a PNG, JPEG, WebP or GIF of"
                        + " at most 15 MB. Or send the picture itself as base64.");
    }

    static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
