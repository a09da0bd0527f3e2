package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The dashboard without a mouse. */
class KeyboardBrowserTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @RegisterExtension
    static final SharedBrowser BROWSER = new SharedBrowser();

    /** What gets the focus, one Tab after the other. */
    private static List<String> tabs(Visitor visitor, int many) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            visitor.keys("Tab");
            names.add(visitor.focused());
            assertThat(visitor.page()
                            .evaluate("() => { const style = getComputedStyle(document.activeElement); return"
                                    + " style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >="
                                    + " 2; }"))
                    .as("the focus is seen on " + names.getLast())
                    .isEqualTo(true);
        }
        return names;
    }

    @Test
    void signs_in_and_walks_the_main_navigation() throws Exception {
        AccountClient account = AccountClient.signedUp(SERVER);
        String email = account.get("/api/account/me").json().path("email").asText();
        Visitor ada = BROWSER.visitor(SERVER).open("/login");
        assertThat(ada.focused()).isEqualTo("email");
        ada.page().keyboard().type(email);
        ada.keys("Tab");
        assertThat(ada.focused()).isEqualTo("password");
        ada.page().keyboard().type(AccountClient.PASSWORD);
        ada.keys("Tab");
        assertThat(ada.focused()).isEqualTo("Sign in");
        ada.keys("Enter");
        ada.waitForPath("/dashboard");

        ada.open("/dashboard");
        List<String> names = tabs(ada, 12);
        assertThat(names)
                .startsWith("Skip to content", "Synapse", "Go to a page (Ctrl K)", "Overview", "Playground", "Models")
                .contains("API keys", "Projects", "Usage", "Ledger", "Credits", "Documentation");
        while (!ada.focused().equals("Ledger")) {
            ada.keys("Shift+Tab");
        }
        ada.keys("Enter");
        ada.waitForPath("/dashboard/ledger");
        assertThat(ada.focused()).isEqualTo("Ledger");
        assertThat(ada.page().title()).startsWith("Ledger");
        ada.open("/dashboard");
        ada.keys("Tab", "Enter");
        assertThat(ada.focused()).isEqualTo("Overview");
    }

    @Test
    void a_dialog_keeps_the_focus_and_gives_it_back() throws Exception {
        Visitor ada = BROWSER.signedIn(SERVER, AccountClient.signedUp(SERVER)).open("/dashboard/keys");
        ada.button("Create a key").focus();
        ada.keys("Enter");
        ada.find("dialog[open]").waitFor();
        assertThat(ada.focused()).isEqualTo("name");
        for (int i = 0; i < 12; i++) {
            ada.keys("Tab");
            assertThat(ada.page()
                            .evaluate("() => document.activeElement === document.body"
                                    + " || !!document.activeElement.closest('dialog')"))
                    .isEqualTo(true);
        }
        ada.keys("Escape");
        ada.hasNoDialog();
        assertThat(ada.focused()).isEqualTo("Create a key");
    }

    @Test
    void shortcuts_open_help_pages_and_search() throws Exception {
        Visitor ada = BROWSER.signedIn(SERVER, AccountClient.signedUp(SERVER)).open("/dashboard/models");
        ada.keys("?");
        ada.sees("Go to a page");
        ada.look("keyboard-help");
        ada.keys("Escape");
        ada.hasNoDialog();
        ada.keys("/");
        assertThat(ada.focused()).isEqualTo("Search models");
        ada.page().keyboard().type("llama?");
        assertThat(ada.page().locator("dialog").count()).isZero();
        ada.keys("Control+k");
        ada.find("dialog[open]").waitFor();
        assertThat(ada.focused()).isEqualTo("Page");
        ada.look("keyboard-go-to");
        ada.page().keyboard().type("us");
        ada.keys("Enter");
        ada.waitForPath("/dashboard/usage");
        ada.hasNoDialog();
    }
}
