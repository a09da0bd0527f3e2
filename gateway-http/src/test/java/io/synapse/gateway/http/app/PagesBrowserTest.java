package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages that are read more than worked with, with something on them and without. */
class PagesBrowserTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @RegisterExtension
    static final SharedBrowser BROWSER = new SharedBrowser();

    @Test
    void a_month_of_calls_fills_overview_usage_and_ledger() throws Exception {
        AccountClient account = AccountClient.signedUp(SERVER);
        account.post(
                "/api/account/projects",
                "{\"name\":\"Chatbot\",\"spend_cap\":\"500\",\"cap_period\":\"month\","
                        + "\"allowed_models\":[\"llama-3.1-8b\",\"sandbox/chat\"]}");
        ApiClient live = account.apiClient(SERVER, "{\"name\":\"Production\",\"requests_per_minute\":600}");
        ApiClient test = account.apiClient(SERVER, "{\"name\":\"Continuous integration\",\"test\":true}");
        for (String model : List.of("sandbox/chat", "sandbox/chat", "sandbox/chat", "test/flat", "test/flat")) {
            live.chat(model, "");
        }
        test.chat("llama-3.1-8b", "");
        test.chat("llama-3.1-8b:error-500", "");
        test.post("/embeddings", "{\"input\":\"The quick brown fox\"}");
        // Calls of the past, which no test can wait for.
        SERVER.execute("SET session_replication_role = replica;"
                + "UPDATE charge SET created = created - (ascii(substr(md5(id::text), 1, 1)) % 28) * interval '1 day'"
                + " WHERE wallet IN (SELECT id FROM wallet WHERE account = '" + account.id() + "');"
                + "SET session_replication_role = DEFAULT");
        Visitor ada = BROWSER.signedIn(SERVER, account);
        ada.open("/dashboard").look("overview");
        assertThat(ada.page().locator(".chart .bar").count()).isEqualTo(30);
        ada.open("/dashboard/usage").look("usage-month");
        ada.page()
                .getByText("Test", new Page.GetByTextOptions().setExact(true))
                .first()
                .click();
        ada.sees("llama-3.1-8b");
        ada.look("usage-test");
        ada.open("/dashboard/usage?model=flux-schnell").look("usage-empty");
        ada.open("/dashboard/projects").look("projects");
        ada.press("Edit Chatbot");
        ada.look("projects-edit");
        ada.open("/dashboard/ledger?test=true").look("ledger-test");
    }

    @Test
    void models_are_found_and_told_of() throws Exception {
        Visitor anybody = BROWSER.visitor(SERVER).open("/dashboard/models").look("models");
        anybody.page().getByLabel("Search models").fill("no such model");
        anybody.sees("No model matches");
        anybody.look("models-none");
        anybody.page().getByLabel("Search models").fill("dall-e-3");
        anybody.page().locator("tbody tr").first().click();
        anybody.find("dialog[open]").waitFor();
        assertThat(anybody.text()).contains("per image");
        anybody.look("models-one");
    }

    @Test
    void the_documentation_is_read_without_an_account_and_its_examples_follow_the_reader() throws Exception {
        Visitor anybody = BROWSER.visitor(SERVER).open("/docs").look("docs");
        Locator quickStart = anybody.page().locator("#quick-start");
        for (String language : List.of("Python", "Java", "JavaScript", "curl")) {
            quickStart
                    .getByRole(
                            AriaRole.TAB,
                            new Locator.GetByRoleOptions().setName(language).setExact(true))
                    .click();
            // A language that is chosen once is chosen everywhere.
            assertThat(anybody.page().locator("#images [aria-selected=true]").innerText())
                    .isEqualTo(language);
            assertThat(quickStart.locator("[role=tabpanel] pre").innerText()).contains("llama-3.1-8b");
        }
        String other = "gemini-2.5-flash";
        quickStart
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(other).setExact(true))
                .click();
        assertThat(quickStart.locator("[role=tabpanel] pre").innerText())
                .contains(other)
                .contains(SERVER.api() + "/chat/completions");
        quickStart.getByLabel("Copy code").last().click();
        assertThat(anybody.clipboard())
                .isEqualTo(quickStart.locator("[role=tabpanel] pre").innerText());
        quickStart
                .getByLabel("Copy " + other, new Locator.GetByLabelOptions().setExact(true))
                .click();
        assertThat(anybody.clipboard()).isEqualTo(other);
        for (String kind :
                List.of("chat", "captions", "images", "edits", "videos", "speech", "transcriptions", "embeddings")) {
            assertThat(anybody.page().locator("#" + kind + " .endpoint").innerText())
                    .contains("POST");
            assertThat(anybody.page().locator("#" + kind + " table").count()).isPositive();
        }
        anybody.find(".toc a[href='#errors']").click();
        assertThat(anybody.page().url()).endsWith("/docs#errors");
    }

    @Test
    void what_is_not_there_is_told() throws Exception {
        Visitor ada = BROWSER.signedIn(SERVER, AccountClient.signedUp(SERVER)).expects(404);
        ada.page().navigate(SERVER.api().resolve("/dashboard/nothing").toString());
        ada.sees("There is no such page");
        ada.look("no-such-page");
        ada.page()
                .navigate(SERVER.api()
                        .resolve("/dashboard/requests/req_of_nobody")
                        .toString());
        ada.find(".error-box").waitFor();
        ada.look("receipt-missing");
    }
}
