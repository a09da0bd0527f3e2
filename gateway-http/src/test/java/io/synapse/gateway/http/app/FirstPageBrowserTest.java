package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a first visit of a page brings over the wire. */
class FirstPageBrowserTest {
    private static final int MOST_BYTES = 200 * 1024;

    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @RegisterExtension
    static final SharedBrowser BROWSER = new SharedBrowser();

    /** Notes when the page's heading is there, and with it all that can be pressed. */
    private static final String WATCH = "new MutationObserver((changes, self) => {"
            + " if (document.querySelector('main h1')) { window.shownAfter = performance.now(); self.disconnect(); }"
            + " }).observe(document, { childList: true, subtree: true });";

    /** The bytes of a page's answers, headers included. */
    private static long weigh(Visitor visitor, String path) {
        List<Response> responses = new ArrayList<>();
        visitor.page().onResponse(responses::add);
        visitor.page().addInitScript(WATCH);
        visitor.open(path);
        visitor.page().waitForLoadState();
        long bytes = 0;
        for (Response response : List.copyOf(responses)) {
            var sizes = response.request().sizes();
            bytes += sizes.responseBodySize + sizes.responseHeadersSize;
        }
        double shown = ((Number) visitor.page().evaluate("() => window.shownAfter")).doubleValue();
        System.out.printf(
                "%s: %d requests, %.1f KiB, usable after %.0f ms%n", path, responses.size(), bytes / 1024.0, shown);
        return bytes;
    }

    @Test
    void first_pages_are_light() throws Exception {
        for (String path : List.of("/", "/login", "/docs")) {
            assertThat(weigh(BROWSER.visitor(SERVER), path)).as(path).isLessThan(MOST_BYTES);
        }
        Visitor ada = BROWSER.signedIn(SERVER, AccountClient.signedUp(SERVER));
        assertThat(weigh(ada, "/dashboard")).isLessThan(MOST_BYTES);
    }
}
