package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.http.app.ApiClient.Reply;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told of their usage and their ledger. */
class ReportsApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @Test
    void the_ledger_adds_up_to_the_balance() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        ApiClient api = ada.apiClient(SERVER, "{\"name\":\"k\"}");
        for (int i = 0; i < 3; i++) {
            assertThat(api.chat("sandbox/chat", "").status()).isEqualTo(200);
        }
        BigDecimal sum = BigDecimal.ZERO;
        String path = "/api/account/ledger?limit=2";
        int lines = 0;
        String next = "";
        do {
            JsonNode page = ada.get(path + next).json();
            for (JsonNode line : page.path("data")) {
                sum = sum.add(new BigDecimal(line.path("amount").asText()));
                lines++;
            }
            next = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
        } while (!next.isEmpty());
        assertThat(lines).isEqualTo(7);
        assertThat(sum)
                .isEqualByComparingTo(
                        ada.get("/api/account/me").json().path("credits").asText());
        assertThat(ada.get("/api/account/ledger?test=true").json().path("data")).hasSize(1);
    }

    @Test
    void reports_come_as_files_that_are_safe_to_open() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        ApiClient api = ada.apiClient(SERVER, "{\"name\":\"=HYPERLINK(\\\"http://x\\\",\\\"a\\\")\"}");
        api.chat("sandbox/chat", "");
        api.chat("sandbox/chat", "");

        Reply file = ada.get("/api/account/usage?format=csv");
        assertThat(file.header("Content-Type")).startsWith("text/csv");
        assertThat(file.header("Content-Disposition")).contains("usage.csv");
        assertThat(file.header("Cache-Control")).isEqualTo("no-store");
        String[] lines = file.text().split("\r\n", -1);
        assertThat(lines).hasSize(4);
        assertThat(lines[0]).startsWith("request_id,created,model,");
        assertThat(lines[1])
                .contains(",\"'=HYPERLINK(\"\"http://x\"\",\"\"a\"\")\",")
                .contains("input_tokens=");
        assertThat(lines[3]).isEmpty();

        Reply page = ada.get("/api/account/usage?format=csv&limit=1");
        assertThat(page.text().lines()).hasSize(2);
        Reply rest = ada.get("/api/account/usage?format=csv&cursor=" + page.header("X-Next-Cursor"));
        assertThat(rest.text().lines()).hasSize(2);
        assertThat(rest.header("X-Next-Cursor")).isNull();

        Reply ledger = ada.send(
                ada.request("/api/account/ledger").header("Accept", "text/csv").GET());
        assertThat(ledger.text()).startsWith("number,created,kind,amount,").contains(",reserve,-");
        for (String group : List.of("day", "model", "key", "project")) {
            Reply totals = ada.get("/api/account/usage?format=csv&group=" + group);
            assertThat(totals.text().lines()).as(totals.text()).hasSize(2);
            assertThat(totals.text()).startsWith(group + ",");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group=colour",
                "format=pdf",
                "limit=0",
                "limit=1001",
                "limit=many",
                "from=yesterday",
                "to=2026-13-01",
                "from=-999999999-01-01T00:00:00Z",
                "test=perhaps",
                "model=%00",
                "cursor=nonsense",
                "group=day&from=2020-01-01&to=2026-01-01",
            })
    void a_report_that_cannot_be_names_the_parameter(String query) throws Exception {
        Reply reply = AccountClient.signedUp(SERVER).get("/api/account/usage?" + query);
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(query).contains(reply.error().path("param").asText() + "=");
    }

    @Test
    void filters_narrow_a_report() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        ada.apiClient(SERVER, "{\"name\":\"k\"}").chat("sandbox/chat", "");
        String today = Instant.now().toString().substring(0, 10);
        for (String query : List.of(
                "model=sandbox/chat", "test=false", "from=" + today, "to=" + today, "group=day&from=" + today)) {
            assertThat(ada.get("/api/account/usage?" + query).json().path("data"))
                    .as(query)
                    .hasSize(1);
        }
        for (String query : List.of("model=other", "key=other", "project=other", "test=true", "to=2026-01-01")) {
            assertThat(ada.get("/api/account/usage?" + query).json().path("data"))
                    .as(query)
                    .isEmpty();
        }
    }
}
