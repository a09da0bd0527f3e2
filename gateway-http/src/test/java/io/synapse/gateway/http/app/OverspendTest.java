package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.completion;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.testkit.fake.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Credits cannot be overspent, however many ask at once. */
class OverspendTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @Test
    void of_64_callers_with_credits_for_25_exactly_25_are_served() throws Exception {
        Account account = SERVER.newAccount("25");
        String key = SERVER.keys()
                .create(account.id(), new KeyRequest("many", null, false, null, 1000))
                .secret();
        ApiClient client = new ApiClient(SERVER.api(), key, account.wallet());
        SERVER.upstream().answerAll(request -> Answer.json(200, completion("Hi", 1, 1)));
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            callers.add(() -> client.chat(SharedServer.FLAT_MODEL, "").status());
        }
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : threads.invokeAll(callers)) {
                statuses.add(status.get());
            }
        }
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(25);
        assertThat(statuses).filteredOn(status -> status == 402).hasSize(39);
        assertThat(SERVER.upstream().requests()).hasSize(25);
        assertThat(SERVER.ledger().available(account.wallet())).isEqualTo(Credits.ZERO);
    }
}
