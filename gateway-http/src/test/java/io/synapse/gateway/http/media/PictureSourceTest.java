package io.synapse.gateway.http.media;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.PictureSource;
import io.synapse.gateway.testkit.PictureSourceContract;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The server's way to pictures that callers name keeps the contract. */
class PictureSourceTest extends PictureSourceContract {
    private static final AtomicInteger FILES = new AtomicInteger();

    @TempDir
    private static Path temp;

    private static PublicHost host;

    private final PictureFetcher fetcher = host.fetcher(
            name -> name.equals("pictures.example")
                    ? new InetAddress[] {PublicHost.address("93.184.216.34")}
                    : InetAddress.getAllByName(name),
            Duration.ofSeconds(10));

    @BeforeAll
    static void start() throws Exception {
        host = new PublicHost(temp);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Override
    protected PictureSource source() {
        return new Pictures(fetcher)::read;
    }

    @Override
    protected String urlOf(Media file) {
        String path = "/" + FILES.incrementAndGet() + ".png";
        host.serve(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", file.type());
            exchange.sendResponseHeaders(200, file.bytes().length == 0 ? -1 : file.bytes().length);
            exchange.getResponseBody().write(file.bytes());
            exchange.close();
        });
        return "https://pictures.example" + path;
    }

    @Override
    protected String urlOfNothing() {
        return "https://pictures.example/nothing/" + FILES.incrementAndGet();
    }
}
