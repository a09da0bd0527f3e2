package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.IdempotencyStore.Name;
import io.synapse.gateway.idempotency.StoredAnswer;
import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.limit.RateLimiter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Tests the contracts themselves: a limiter or catalog that is broken in one way must fail the rule about it. */
class BrokenAdaptersTest {
    private static final ManualClock CLOCK = new ManualClock();
    private static RateLimiter limiter = RateLimiter.inMemory();
    private static IdempotencyStore idempotency = IdempotencyStore.inMemory(CLOCK);
    private static ModelCatalog catalog = ModelCatalog.of(FixedCatalogTest.model("one"));

    /** Named so that no build runs it by itself. */
    static class LimiterCase extends RateLimiterContract {
        @Override
        protected RateLimiter newLimiter() {
            return limiter;
        }

        @Override
        protected void pass(Duration time) {
            CLOCK.advance(time);
        }
    }

    /** Named so that no build runs it by itself. */
    static class CatalogCase extends ModelCatalogContract {
        @Override
        protected ModelCatalog catalog() {
            return catalog;
        }
    }

    /** Named so that no build runs it by itself. */
    static class IdempotencyCase extends IdempotencyStoreContract {
        @Override
        protected IdempotencyStore newStore() {
            return idempotency;
        }

        @Override
        protected void pass(Duration time) {
            CLOCK.advance(time);
        }
    }

    private static List<String> rulesBroken(Class<?> contract) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute()
                .testEvents()
                .failed()
                .map(event -> event.getTestDescriptor().getDisplayName().replace("()", ""))
                .toList();
    }

    static Stream<Arguments> limiters() {
        RateLimiter exact = RateLimiter.inMemory(CLOCK);
        Map<String, Integer> perMinute = new ConcurrentHashMap<>();
        RateLimiter calendar = (key, limit) -> {
            long minute = CLOCK.instant().getEpochSecond() / 60;
            int used = perMinute.merge(key + minute + limit, 1, Integer::sum);
            return decision(used <= limit, limit, Math.max(0, limit - used), Duration.ofSeconds(60));
        };
        return Stream.of(
                Arguments.of(
                        "counts by calendar minute", calendar, "a_burst_around_a_full_minute_is_not_admitted_twice"),
                Arguments.of(
                        "admits everybody",
                        (RateLimiter) (key, limit) -> decision(true, limit, limit - 1, Duration.ZERO),
                        "as_many_as_allowed_are_admitted_and_not_one_more"),
                Arguments.of(
                        "mixes keys up",
                        (RateLimiter) (key, limit) -> exact.admit("everybody", limit),
                        "keys_do_not_share_an_allowance"),
                Arguments.of(
                        "lies about the wait",
                        (RateLimiter) (key, limit) -> {
                            RateDecision truth = exact.admit("lie" + key, limit);
                            return decision(truth.admitted(), limit, truth.remaining(), Duration.ofSeconds(1));
                        },
                        "who_waits_as_long_as_told_is_admitted"),
                Arguments.of(
                        "forgets when the limit changes",
                        (RateLimiter) (key, limit) -> exact.admit(key + " at " + limit, limit),
                        "a_changed_limit_holds_at_once_and_forgets_nothing"));
    }

    private static RateDecision decision(boolean admitted, int limit, int remaining, Duration wait) {
        return new RateDecision(admitted, limit, remaining, wait, wait);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limiters")
    void a_broken_limiter_is_caught(String how, RateLimiter broken, String rule) {
        limiter = broken;
        assertThat(rulesBroken(LimiterCase.class)).contains(rule);
    }

    /** Does as another catalog does, but for what a test breaks. */
    private static class Delegate implements ModelCatalog {
        private final ModelCatalog good =
                ModelCatalog.of(FixedCatalogTest.model("one", "uno"), FixedCatalogTest.model("two"));

        @Override
        public Optional<Model> find(String name) {
            return good.find(name);
        }

        @Override
        public Optional<Model> defaultFor(Modality modality) {
            return good.defaultFor(modality);
        }

        @Override
        public List<Model> models() {
            return good.models();
        }
    }

    static Stream<Arguments> catalogs() {
        return Stream.of(
                Arguments.of(
                        "knows no aliases",
                        new Delegate() {
                            @Override
                            public Optional<Model> find(String name) {
                                return super.find(name)
                                        .filter(model -> model.id().equals(name));
                            }
                        },
                        "every_model_is_found_by_its_id_and_by_each_alias"),
                Arguments.of(
                        "finds something for every name",
                        new Delegate() {
                            @Override
                            public Optional<Model> find(String name) {
                                return super.find(name).or(() -> super.find("one"));
                            }
                        },
                        "an_unknown_name_is_nobodys"),
                Arguments.of(
                        "has a default of another modality",
                        new Delegate() {
                            @Override
                            public Optional<Model> defaultFor(Modality modality) {
                                return super.find("one");
                            }
                        },
                        "a_default_is_on_offer_and_of_its_modality"),
                Arguments.of(
                        "has two models of one name",
                        new Delegate() {
                            @Override
                            public List<Model> models() {
                                return List.of(FixedCatalogTest.model("one"), FixedCatalogTest.model("one"));
                            }
                        },
                        "no_name_means_two_models"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("catalogs")
    void a_broken_catalog_is_caught(String how, ModelCatalog broken, String rule) {
        catalog = broken;
        assertThat(rulesBroken(CatalogCase.class)).contains(rule);
    }

    @Test
    void a_good_catalog_breaks_no_rule() {
        catalog = new Delegate();
        assertThat(rulesBroken(CatalogCase.class)).isEmpty();
    }

    /** Does as another store does, but for how it asks it. */
    private interface Asking {
        Claim claim(IdempotencyStore good, Name name, String fingerprint, UUID charge, Duration lease);
    }

    private static IdempotencyStore asking(Asking how) {
        IdempotencyStore good = IdempotencyStore.inMemory(CLOCK);
        return new IdempotencyStore() {
            @Override
            public Claim claim(Name name, String fingerprint, UUID charge, Duration lease) {
                return how.claim(good, name, fingerprint, charge, lease);
            }

            @Override
            public void extend(Collection<UUID> charges, Duration lease) {
                good.extend(charges, lease);
            }

            @Override
            public void complete(Name name, UUID charge, StoredAnswer answer) {
                good.complete(name, charge, answer);
            }

            @Override
            public void abandon(Name name, UUID charge) {
                good.abandon(name, charge);
            }
        };
    }

    static Stream<Arguments> idempotencyStores() {
        return Stream.of(
                Arguments.of(
                        "lets everybody run",
                        asking((good, name, fingerprint, charge, lease) -> new Claim.First()),
                        "of_many_who_ask_at_once_one_runs"),
                Arguments.of(
                        "looks at keys only",
                        asking((good, name, fingerprint, charge, lease) -> good.claim(name, "", charge, lease)),
                        "another_request_under_the_same_key_is_a_mistake_while_it_runs_and_after"),
                Arguments.of(
                        "never frees the keys of the dead",
                        asking((good, name, fingerprint, charge, lease) ->
                                good.claim(name, fingerprint, charge, Duration.ofDays(1000))),
                        "the_key_of_a_dead_node_is_free_after_its_lease"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("idempotencyStores")
    void a_broken_idempotency_store_is_caught(String how, IdempotencyStore broken, String rule) {
        idempotency = broken;
        assertThat(rulesBroken(IdempotencyCase.class)).contains(rule);
    }
}
