package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Account.Role;
import io.synapse.gateway.credit.Credits;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The dashboard in a real browser. Skipped where there is no Chromium. */
class DashboardBrowserTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private Optional<Browser> opened = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        opened = Browser.start();
        Assumptions.assumeTrue(opened.isPresent(), "no Chromium on the PATH: install chromium to run this test");
    }

    @AfterEach
    void close() throws Exception {
        if (opened.isPresent()) {
            opened.get().close();
        }
    }

    private static URI page(String path) {
        return SERVER.api().resolve(path);
    }

    @Test
    void from_signing_up_to_a_call_its_receipt_and_the_revoked_key() throws Exception {
        Browser browser = opened.orElseThrow();
        browser.open(page("/signup"));
        browser.fill("[name=email]", AccountClient.newEmail());
        browser.fill("[name=password]", AccountClient.PASSWORD);
        browser.press("Create account");
        browser.await("location.pathname === '/dashboard' && document.querySelector('.stats')");

        browser.open(page("/dashboard/keys"));
        browser.press("Create a key");
        browser.fill("dialog [name=name]", "<b>My server</b>");
        browser.press("Create key");
        browser.await("document.querySelector('[data-secret]')");
        String key = browser.evaluate("document.querySelector('[data-secret]').textContent")
                .asText();
        assertThat(key).startsWith("mmg_test_");
        browser.press("I have saved it");
        browser.await("!document.querySelector('dialog')");
        assertThat(browser.text()).doesNotContain(key).contains("<b>My server</b>");

        browser.open(page("/dashboard/playground"));
        browser.press("Paste a key");
        browser.fill("dialog [name=key]", key);
        browser.press("Use this key");
        browser.fill(".composer textarea", "Hello there");
        browser.press("Send");
        browser.await("document.querySelector('.figures')");
        assertThat(browser.evaluate("document.querySelector('.bubble.assistant').innerText")
                        .asText())
                .containsIgnoringCase("sandbox");
        assertThat(browser.text()).contains("Charged").contains("Request").doesNotContain(key);

        browser.open(page("/dashboard/usage?test=true"));
        browser.await("document.querySelector('td a[href^=\"/dashboard/requests/\"]')");
        browser.evaluate("document.querySelector('td a[href^=\"/dashboard/requests/\"]').click()");
        browser.await("document.querySelector('.total')");
        assertThat(browser.text()).contains("input tokens").contains("output tokens");

        browser.open(page("/dashboard/keys"));
        browser.press("Revoke");
        browser.press("Revoke key");
        browser.await("document.querySelector('details.card summary')?.offsetParent");
        assertThat(new ApiClient(SERVER.api(), key, "").get("/models").status()).isEqualTo(401);
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void every_page_shows_itself_on_a_phone_and_breaks_no_rule_of_the_policy() throws Exception {
        Browser browser = opened.orElseThrow();
        Account operator = SERVER.accounts()
                .create(AccountClient.newEmail(), "", Role.OPERATOR, AccountClient.PASSWORD, Credits.ZERO);
        browser.size(390, 844);
        browser.open(page("/login"));
        browser.fill("[name=email]", operator.email());
        browser.fill("[name=password]", AccountClient.PASSWORD);
        browser.press("Sign in");
        browser.await("document.querySelector('.stats')");
        for (String path : new String[] {
            "/",
            "/docs",
            "/dashboard",
            "/dashboard/playground/chat",
            "/dashboard/playground/captions",
            "/dashboard/playground/images",
            "/dashboard/playground/edits",
            "/dashboard/playground/videos",
            "/dashboard/playground/speech",
            "/dashboard/playground/transcriptions",
            "/dashboard/playground/embeddings",
            "/dashboard/models",
            "/dashboard/keys",
            "/dashboard/projects",
            "/dashboard/usage",
            "/dashboard/ledger",
            "/dashboard/credits",
            "/dashboard/operator",
            "/dashboard/operator/codes",
            "/dashboard/operator/models",
            "/dashboard/operator/providers",
            "/dashboard/operator/audit"
        }) {
            browser.open(page(path));
            browser.await("document.querySelector('h1') && !document.querySelector('.skeleton')");
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .as(path)
                    .isLessThanOrEqualTo(390);
            assertThat(browser.evaluate("document.querySelectorAll('.error-box').length")
                            .asInt())
                    .as(path)
                    .isZero();
            assertThat(browser.problems()).as(path).isEmpty();
        }
    }
}
