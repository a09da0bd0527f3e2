package io.synapse.gateway.http.media;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.header.PictureHeader;
import io.synapse.gateway.header.PictureRules;
import io.synapse.gateway.media.AddressRule;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * Fetches pictures that callers name by a URL, without lending them the gateway's place in the network: https on port
 * 443, public addresses alone, and a connection to the very address that was checked. Whatever goes wrong, the caller is
 * told the same words, so that nobody can find out by them what is where. Safe for use by many threads.
 */
public final class PictureFetcher implements AutoCloseable {
    private static final int HTTPS = 443;
    private static final int MOST_REDIRECTS = 3;
    private static final int LONGEST_URL = 8 * 1024;
    private static final Duration TOTAL = Duration.ofSeconds(10);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final @Nullable CloseableHttpClient client;
    private final Resolver resolver;
    private final Duration total;

    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * @param allowed whether anything may be fetched at all
     */
    public PictureFetcher(boolean allowed) {
        this(
                allowed,
                InetAddress::getAllByName,
                checked -> new InetSocketAddress(checked, HTTPS),
                SSLContexts.createSystemDefault(),
                TOTAL);
    }

    /**
     * For tests, where a server on this machine stands for a public one.
     *
     * @param dial where to connect to for an address that was checked
     */
    PictureFetcher(
            boolean allowed,
            Resolver resolver,
            Function<InetAddress, InetSocketAddress> dial,
            SSLContext tls,
            Duration total) {
        this.client = allowed ? PinnedClient.create(resolver, dial, tls) : null;
        this.resolver = resolver;
        this.total = total;
    }

    /**
     * Fetches a picture.
     *
     * @param param the field that names it, for the error
     * @return its bytes: {@link PictureRules#MOST_BYTES} at most, a picture by its header
     * @throws InvalidRequestException if nothing may be fetched, or it could not be
     */
    byte[] fetch(String param, String url) {
        CloseableHttpClient open = client;
        if (open == null) {
            throw new InvalidRequestException(
                    param,
                    "'" + param + "' is a URL, and this gateway fetches none; send the picture itself as base64: "
                            + "data:image/png;base64,….");
        }
        return bounded(param, () -> follow(open, url));
    }

    /**
     * Refuses a URL that an upstream is to fetch, if it is none of a public host. A host that is not known here may be
     * known there.
     *
     * @param param the field that names it, for the error
     * @throws InvalidRequestException if nobody may be sent there
     */
    void check(String param, String url) {
        boolean open = bounded(param, () -> {
            String host = checked(url).getHost();
            try {
                return Arrays.stream(resolver.resolve(host)).allMatch(AddressRule::isPublic);
            } catch (UnknownHostException e) {
                return true;
            }
        });
        if (!open) {
            throw failed(param);
        }
    }

    /** Does something in a thread of its own: looking up a name cannot be given a time, and an interrupt ends an exchange. */
    private <T> T bounded(String param, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name("picture-fetcher").start(task);
        try {
            return task.get(total.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(param);
        } catch (ExecutionException | TimeoutException e) {
            throw failed(param);
        } finally {
            task.cancel(true);
        }
    }

    private static InvalidRequestException failed(String param) {
        return new InvalidRequestException(
                param,
                "'" + param
                        + "' could not be fetched: it must be an https URL on port 443 of a public host that answers"
                        + " within " + TOTAL.toSeconds() + " seconds, after " + MOST_REDIRECTS
                        + " redirects at most, with a PNG, JPEG, WebP or GIF of at most "
                        + PictureRules.MOST_BYTES / (1024 * 1024) + " MB. Or send the picture itself as base64.");
    }

    private static byte[] follow(CloseableHttpClient client, String url) throws IOException {
        URI uri = checked(url);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpGet request = new HttpGet(uri);
            HttpHost target = new HttpHost("https", uri.getHost(), HTTPS);
            try (ClassicHttpResponse response = client.executeOpen(target, request, null)) {
                try {
                    if (!REDIRECTS.contains(response.getCode())) {
                        return picture(response);
                    }
                    Header location = response.getFirstHeader("Location");
                    if (location == null) {
                        throw new IOException("a redirect to nowhere");
                    }
                    uri = checked(
                            uri.resolve(checkedSyntax(location.getValue())).toString());
                } finally {
                    // Closing would read what still comes; a cancelled exchange just ends.
                    request.cancel();
                }
            }
        }
        throw new IOException("too many redirects");
    }

    private static byte[] picture(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (response.getCode() != 200 || entity == null || entity.getContentLength() > PictureRules.MOST_BYTES) {
            throw new IOException("no picture");
        }
        Header encoding = response.getFirstHeader("Content-Encoding");
        if (encoding != null && !encoding.getValue().equalsIgnoreCase("identity")) {
            throw new IOException("encoded");
        }
        InputStream content = entity.getContent();
        byte[] bytes = content.readNBytes(PictureRules.MOST_BYTES + 1);
        if (bytes.length > PictureRules.MOST_BYTES || PictureHeader.of(bytes).isEmpty()) {
            throw new IOException("no picture, or too large");
        }
        return bytes;
    }

    private static URI checkedSyntax(String text) throws IOException {
        try {
            if (text.length() > LONGEST_URL) {
                throw new IOException("too long");
            }
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IOException("no URL", e);
        }
    }

    /** Its form alone. Whatever a host's odd spelling means to the resolver, the addresses are what is checked. */
    private static URI checked(String text) throws IOException {
        URI uri = checkedSyntax(text);
        if (!"https".equalsIgnoreCase(uri.getScheme())
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || (uri.getPort() != -1 && uri.getPort() != HTTPS)) {
            throw new IOException("not an https URL on port 443");
        }
        return uri;
    }

    /** Ends what is being fetched. */
    @Override
    public void close() {
        if (client != null) {
            client.close(CloseMode.IMMEDIATE);
        }
    }
}
