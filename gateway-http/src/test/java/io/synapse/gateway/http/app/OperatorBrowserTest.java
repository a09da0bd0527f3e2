package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator does in a browser, and how it reaches people. */
class OperatorBrowserTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @RegisterExtension
    static final SharedBrowser BROWSER = new SharedBrowser();

    @Test
    void credits_are_granted_and_a_code_is_made_and_redeemed() throws Exception {
        AccountClient user = AccountClient.signedUp(SERVER);
        String email = user.get("/api/account/me").json().path("email").asText();
        Visitor operator = BROWSER.signedIn(SERVER, AccountClient.operator(SERVER));
        operator.open("/dashboard/operator");
        operator.page().getByLabel("Search by email").fill(email);
        Locator row = operator.page().locator("tr", new Page.LocatorOptions().setHasText(email));
        operator.page().waitForFunction("() => document.querySelectorAll('tbody tr').length === 1");
        row.waitFor();
        operator.look("operator-accounts");
        operator.press("Grant credits to " + email);
        operator.fill("Amount", "2500.5");
        operator.fill("Reason", "Invoice 1042");
        operator.look("operator-grant");
        operator.press("Grant credits");
        operator.sees("2,500.5 credits granted");
        operator.page().waitForFunction("() => document.querySelector('tbody')?.innerText.includes('3,500.5')");

        operator.open("/dashboard/operator/codes");
        operator.look("operator-codes-empty");
        operator.fill("Credits", "250");
        operator.press("Make codes");
        String code = operator.find(".codes code").innerText();
        operator.look("operator-codes");

        Visitor ada = BROWSER.signedIn(SERVER, user).expects(409);
        ada.open("/dashboard/credits").look("credits");
        ada.fill("Top-up code", code);
        ada.press("Redeem");
        ada.sees("250 credits added");
        ada.page().locator(".side [data-balance]:text-is('3,750.50')").waitFor();
        ada.fill("Top-up code", code);
        ada.press("Redeem");
        ada.find("[data-name=code] .field-error:not(:empty)").waitFor();
        assertThat(ada.find("[data-name=code] .field-error").innerText()).contains("redeemed");
        ada.open("/dashboard/ledger");
        assertThat(ada.text()).contains("+2,500.5").contains("Invoice 1042").contains("+250");
        assertThat(ada.page().locator(".side").innerText()).doesNotContain("Operate");
        ada.open("/dashboard/operator");
        ada.waitForPath("/dashboard");

        operator.open("/dashboard/operator/audit");
        assertThat(operator.text()).contains("Invoice 1042");
        operator.look("operator-audit");
        operator.open("/dashboard/operator/providers").look("operator-providers");
    }

    @Test
    void a_model_is_switched_off_and_on() throws Exception {
        Visitor operator = BROWSER.signedIn(SERVER, AccountClient.operator(SERVER));
        operator.open("/dashboard/operator/models").look("operator-models");
        operator.page().getByLabel("Search models").fill("ltx-video");
        Locator toggle = operator.page().getByLabel("ltx-video on offer", new Page.GetByLabelOptions().setExact(true));
        toggle.click();
        operator.sees("ltx-video is off");
        ApiClient api = SERVER.testClient();
        assertThat(api.get("/models/ltx-video").status()).isEqualTo(404);
        toggle.click();
        operator.sees("ltx-video is on");
        assertThat(api.get("/models/ltx-video").status()).isEqualTo(200);
    }
}
