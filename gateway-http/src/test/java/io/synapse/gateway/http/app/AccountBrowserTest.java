package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.synapse.gateway.http.app.ApiClient.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a person does with an account, in a browser: from signing up to a call that is paid for, and back out. */
class AccountBrowserTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @RegisterExtension
    static final SharedBrowser BROWSER = new SharedBrowser();

    @Test
    void from_signing_up_to_a_call_its_receipt_and_the_revoked_key() throws Exception {
        Visitor ada =
                BROWSER.visitor(SERVER).open("/").look("home").open("/signup").look("signup");
        ada.fill("Email", AccountClient.newEmail());
        ada.fill("Password", AccountClient.PASSWORD);
        ada.press("Create account");
        ada.waitForPath("/dashboard");
        assertThat(ada.find(".side [data-balance]").innerText()).isEqualTo("1,000");
        ada.look("overview-empty");

        ada.page()
                .getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("API keys"))
                .click();
        ada.arrived();
        ada.look("keys-empty");
        ada.press("Create a key");
        ada.fill("Name", "<b>My server</b>");
        ada.find("dialog [value=live]").check();
        ada.look("keys-create");
        ada.press("Create key");
        ada.find("[data-secret]").waitFor();
        ada.look("keys-secret");
        ada.press("Copy key");
        ada.sees("Copied");
        String key = ada.clipboard();
        assertThat(key)
                .startsWith("mmg_live_")
                .isEqualTo(ada.find("[data-secret]").innerText());
        ada.press("I have saved it");
        ada.hasNoDialog();
        assertThat(ada.page().content()).doesNotContain(key);
        assertThat(ada.text()).contains("<b>My server</b>");

        ApiClient program = new ApiClient(SERVER.api(), key, "");
        Reply reply = program.chat("sandbox/chat", "");
        assertThat(reply.status()).isEqualTo(200);
        ada.open("/dashboard/usage");
        var row = ada.page()
                .locator("tr", new Page.LocatorOptions().setHasText("sandbox/chat"))
                .last();
        assertThat(row.innerText()).contains(reply.header("X-Credits-Charged"));
        ada.look("usage");
        row.locator("a[href^='/dashboard/requests/']").click();
        ada.find(".total").waitFor();
        assertThat(ada.text())
                .contains(reply.header("X-Request-Id"))
                .contains("input tokens")
                .contains("output tokens")
                .contains(reply.header("X-Credits-Charged") + " credits");
        ada.look("receipt");
        ada.open("/dashboard/ledger").look("ledger");
        assertThat(ada.text()).contains(reply.header("X-Credits-Remaining"));

        ada.open("/dashboard/keys").look("keys");
        ada.press("Revoke <b>My server</b>");
        ada.look("keys-revoke");
        ada.press("Revoke key");
        ada.sees("Revoked keys (1)");
        assertThat(program.get("/models").status()).isEqualTo(401);
    }

    @Test
    void what_is_wrong_is_told_where_it_was_entered() throws Exception {
        AccountClient taken = AccountClient.signedUp(SERVER);
        String email = taken.get("/api/account/me").json().path("email").asText();
        Visitor ada =
                BROWSER.visitor(SERVER).expects(400).expects(401).expects(404).expects(409);
        ada.open("/signup");
        ada.fill("Email", email);
        ada.fill("Password", AccountClient.PASSWORD);
        ada.press("Create account");
        ada.sees("There is an account with this email address already");
        assertThat(ada.focused()).isEqualTo("email");
        ada.fill("Email", AccountClient.newEmail());
        ada.fill("Password", "short");
        ada.press("Create account");
        ada.find("[data-name=password] .field-error").waitFor();
        assertThat(ada.find("[data-name=password] .field-error").innerText()).contains("10");
        assertThat(ada.focused()).isEqualTo("password");
        ada.look("signup-refused");

        ada.open("/login");
        ada.fill("Email", email);
        ada.fill("Password", "not this one at all");
        ada.press("Sign in");
        ada.find(".error-box, .field-error:not(:empty)").waitFor();
        ada.look("login-refused");
        ada.fill("Password", AccountClient.PASSWORD);
        ada.press("Sign in");
        ada.waitForPath("/dashboard");

        ada.open("/dashboard/credits");
        ada.fill("Top-up code", "NOT-A-CODE");
        ada.press("Redeem");
        ada.find("[data-name=code] .field-error:not(:empty), .error-box").waitFor();
        ada.look("credits-refused");
        ada.press("Refill");
        ada.sees("Test credits refilled");

        ada.forgetCookies();
        ada.page()
                .getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Projects"))
                .click();
        ada.sees("Your session has ended");
        ada.fill("Email", email);
        ada.fill("Password", AccountClient.PASSWORD);
        ada.press("Sign in");
        ada.waitForPath("/dashboard/projects");
        ada.look("projects-empty");
    }
}
