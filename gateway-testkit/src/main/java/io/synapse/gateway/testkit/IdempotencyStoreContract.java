package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.IdempotencyStore.Name;
import io.synapse.gateway.idempotency.StoredAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link IdempotencyStore} must do: a call runs once, and its answer is given again to its own project alone.
 * An implementation proves itself with a class that extends this one.
 */
@Timeout(60)
public abstract class IdempotencyStoreContract {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final StoredAnswer ANSWER = new StoredAnswer(200, Map.of("X-A", "b"), new byte[] {1, 2, 3});

    private final String project = UUID.randomUUID().toString();
    private final UUID charge = UUID.randomUUID();
    private IdempotencyStore store;

    /** The store under test. */
    protected abstract IdempotencyStore newStore();

    /** Lets so much time pass for the store. */
    protected abstract void pass(Duration time);

    @BeforeEach
    final void open() {
        store = newStore();
    }

    private Name name(String key) {
        return new Name(project, key);
    }

    private Claim claim(String key) {
        return store.claim(name(key), "request", charge, LEASE);
    }

    @Test
    void the_first_runs_and_others_are_told_so() {
        assertThat(claim("k")).isInstanceOf(Claim.First.class);
        assertThat(claim("k")).isInstanceOf(Claim.Running.class);
        assertThat(claim("other")).isInstanceOf(Claim.First.class);
    }

    @Test
    void an_answer_is_given_again_byte_by_byte() {
        claim("k");
        store.complete(name("k"), charge, ANSWER);
        assertThat(claim("k")).isInstanceOfSatisfying(Claim.Finished.class, finished -> {
            assertThat(finished.answer().status()).isEqualTo(200);
            assertThat(finished.answer().headers()).isEqualTo(Map.of("X-A", "b"));
            assertThat(finished.answer().body()).containsExactly(1, 2, 3);
        });
    }

    @Test
    void another_request_under_the_same_key_is_a_mistake_while_it_runs_and_after() {
        claim("k");
        assertThat(store.claim(name("k"), "another", UUID.randomUUID(), LEASE)).isInstanceOf(Claim.Mismatch.class);
        store.complete(name("k"), charge, ANSWER);
        assertThat(store.claim(name("k"), "another", UUID.randomUUID(), LEASE)).isInstanceOf(Claim.Mismatch.class);
    }

    @Test
    void a_failed_call_frees_its_key_for_any_request() {
        claim("k");
        store.abandon(name("k"), charge);
        assertThat(store.claim(name("k"), "another", UUID.randomUUID(), LEASE)).isInstanceOf(Claim.First.class);
    }

    @Test
    void a_finished_call_cannot_be_abandoned() {
        claim("k");
        store.complete(name("k"), charge, ANSWER);
        store.abandon(name("k"), charge);
        assertThat(claim("k")).isInstanceOf(Claim.Finished.class);
    }

    @Test
    void projects_do_not_see_each_others_keys() {
        claim("k");
        store.complete(name("k"), charge, ANSWER);
        assertThat(store.claim(new Name(UUID.randomUUID().toString(), "k"), "request", UUID.randomUUID(), LEASE))
                .isInstanceOf(Claim.First.class);
    }

    @Test
    void the_key_of_a_dead_node_is_free_after_its_lease() {
        claim("k");
        pass(LEASE.minusSeconds(1));
        assertThat(claim("k")).isInstanceOf(Claim.Running.class);
        pass(Duration.ofSeconds(2));
        assertThat(claim("k")).isInstanceOf(Claim.First.class);
    }

    @Test
    void a_claim_that_is_extended_outlives_its_first_lease() {
        claim("k");
        pass(LEASE.minusSeconds(5));
        store.extend(List.of(charge), LEASE);
        pass(LEASE.minusSeconds(5));
        assertThat(claim("k")).isInstanceOf(Claim.Running.class);
        pass(Duration.ofSeconds(10));
        assertThat(claim("k")).isInstanceOf(Claim.First.class);
    }

    @Test
    void whoever_lost_its_claim_cannot_end_anothers() {
        claim("k");
        pass(LEASE.plusSeconds(1));
        UUID heir = UUID.randomUUID();
        assertThat(store.claim(name("k"), "request", heir, LEASE)).isInstanceOf(Claim.First.class);
        store.abandon(name("k"), charge);
        store.complete(name("k"), charge, ANSWER);
        store.extend(List.of(charge), LEASE);
        assertThat(claim("k")).isInstanceOf(Claim.Running.class);
        store.complete(name("k"), heir, ANSWER);
        assertThat(claim("k")).isInstanceOf(Claim.Finished.class);
    }

    @Test
    void an_answer_is_kept_for_a_day() {
        claim("k");
        store.complete(name("k"), charge, ANSWER);
        pass(IdempotencyStore.KEPT.minusMinutes(1));
        assertThat(claim("k")).isInstanceOf(Claim.Finished.class);
        pass(Duration.ofMinutes(2));
        assertThat(claim("k")).isInstanceOf(Claim.First.class);
    }

    @Test
    void of_many_who_ask_at_once_one_runs() throws Exception {
        List<Callable<Claim>> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            callers.add(() -> claim("k"));
        }
        int first = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Claim> caller : threads.invokeAll(callers)) {
                first += caller.get() instanceof Claim.First ? 1 : 0;
            }
        }
        assertThat(first).isEqualTo(1);
    }
}
