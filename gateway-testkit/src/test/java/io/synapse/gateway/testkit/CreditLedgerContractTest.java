package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.ChargeLine;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.credit.HoldResult.InsufficientCredits;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Tests the contract itself: a ledger that is broken in one way must fail the rule about it. */
class CreditLedgerContractTest {
    private static CreditLedger broken = CreditLedger.inMemory();
    private static ManualClock clock = new ManualClock();

    /** The contract, run against whatever {@link #broken} is; named so that no build runs it by itself. */
    static class BrokenLedgerCase extends CreditLedgerContract {
        @Override
        protected CreditLedger newLedger() {
            return broken;
        }

        @Override
        protected void pass(Duration time) {
            clock.advance(time);
        }
    }

    @ParameterizedTest(name = "{0} breaks {2}")
    @MethodSource("brokenLedgers")
    void catches(String what, Breakage breakage, String rule) {
        assertThat(rulesBrokenBy(breakage))
                .as("rules that a ledger breaks which %s", what)
                .contains(rule);
    }

    @Test
    void finds_nothing_wrong_with_a_ledger_that_is_right() {
        assertThat(rulesBrokenBy(ForwardingLedger::new)).isEmpty();
    }

    /** Makes a broken ledger out of one that is right. */
    @FunctionalInterface
    interface Breakage {
        CreditLedger of(CreditLedger right);
    }

    static Stream<Arguments> brokenLedgers() {
        return Stream.of(
                broken(
                        "holds what it does not have",
                        "hold_that_does_not_fit_is_refused_and_leaves_nothing",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public HoldResult hold(HoldRequest request) {
                                HoldResult result = super.hold(request);
                                return result instanceof InsufficientCredits
                                        ? new Held(request.amount(), Credits.ZERO)
                                        : result;
                            }
                        }),
                broken(
                        "never shrinks a hold",
                        "hold_shrinks_to_what_the_wallet_has",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public HoldResult hold(HoldRequest request) {
                                return super.hold(with(request, request.charge(), request.amount(), request.amount()));
                            }
                        }),
                broken(
                        "shrinks a hold to nothing",
                        "hold_never_shrinks_below_the_least",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public HoldResult hold(HoldRequest request) {
                                return super.hold(with(request, request.charge(), request.amount(), Credits.ZERO));
                            }
                        }),
                broken(
                        "holds twice for a hold sent twice",
                        "hold_sent_again_holds_once_and_answers_the_same",
                        right -> new ForwardingLedger(right) {
                            private final Set<UUID> seen = ConcurrentHashMap.newKeySet();

                            @Override
                            public HoldResult hold(HoldRequest request) {
                                UUID charge = seen.add(request.charge()) ? request.charge() : UUID.randomUUID();
                                return super.hold(with(request, charge, request.amount(), request.least()));
                            }
                        }),
                broken(
                        "gives a closed charge again",
                        "hold_of_a_closed_charge_is_an_error_and_no_free_ride",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public HoldResult hold(HoldRequest request) {
                                try {
                                    return super.hold(request);
                                } catch (IllegalArgumentException e) {
                                    return new Held(request.amount(), available(request.wallet()));
                                }
                            }
                        }),
                broken(
                        "checks, then holds",
                        "many_callers_never_hold_more_than_there_is",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public HoldResult hold(HoldRequest request) {
                                Credits available = available(request.wallet());
                                if (available.compareTo(request.least()) < 0) {
                                    return new InsufficientCredits(available);
                                }
                                LockSupport.parkNanos(1_000_000);
                                HoldResult result = super.hold(request);
                                return result instanceof Held ? result : new Held(request.amount(), Credits.ZERO);
                            }
                        }),
                broken(
                        "charges the whole hold",
                        "settle_charges_the_cost_and_returns_the_rest",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public Settled settle(Settlement settlement) {
                                Settled settled = super.settle(settlement);
                                return new Settled(settled.charged().plus(settled.available()), Credits.ZERO);
                            }
                        }),
                broken(
                        "forgets what a charge cost",
                        "settle_sent_again_charges_once_and_answers_the_same",
                        right -> new ForwardingLedger(right) {
                            private final Set<UUID> seen = ConcurrentHashMap.newKeySet();

                            @Override
                            public Settled settle(Settlement settlement) {
                                Settled settled = super.settle(settlement);
                                return seen.add(settlement.charge())
                                        ? settled
                                        : new Settled(settlement.cost(), settled.available());
                            }
                        }),
                broken(
                        "takes an unknown charge",
                        "settle_of_an_unknown_charge_is_an_error",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public Settled settle(Settlement settlement) {
                                try {
                                    return super.settle(settlement);
                                } catch (IllegalArgumentException e) {
                                    return new Settled(settlement.cost(), Credits.ZERO);
                                }
                            }
                        }),
                broken(
                        "gives late calls away",
                        "settle_of_an_expired_charge_takes_what_is_available_now",
                        right -> new ForwardingLedger(right) {
                            private final Set<UUID> open = ConcurrentHashMap.newKeySet();

                            @Override
                            public HoldResult hold(HoldRequest request) {
                                open.add(request.charge());
                                return super.hold(request);
                            }

                            @Override
                            public int expire() {
                                int expired = super.expire();
                                if (expired > 0) {
                                    open.clear();
                                }
                                return expired;
                            }

                            @Override
                            public Settled settle(Settlement settlement) {
                                return open.contains(settlement.charge())
                                        ? super.settle(settlement)
                                        : new Settled(Credits.ZERO, Credits.ZERO);
                            }
                        }),
                broken("keeps released holds", "release_returns_the_whole_hold", right -> new ForwardingLedger(right) {
                    @Override
                    public void release(UUID charge) {
                        // keeps the money
                    }
                }),
                broken(
                        "never expires a hold",
                        "expire_returns_a_hold_whose_lease_has_run_out",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public int expire() {
                                clock.advance(Duration.ofSeconds(1)); // the wait would be long
                                return 1;
                            }
                        }),
                broken("miscounts what expired", "expire_counts_what_it_closed", right -> new ForwardingLedger(right) {
                    @Override
                    public int expire() {
                        return super.expire() > 0 ? 1_000 : 0;
                    }
                }),
                broken("extends nothing", "extend_keeps_a_hold_alive", right -> new ForwardingLedger(right) {
                    @Override
                    public void extend(Collection<UUID> charges, Duration lease) {
                        // lets them die
                    }
                }),
                broken(
                        "deposits as often as it is told",
                        "deposit_of_the_same_reference_adds_once",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public Credits deposit(String wallet, Credits amount, String reference) {
                                return super.deposit(wallet, amount, reference + UUID.randomUUID());
                            }
                        }),
                broken(
                        "finds charges of other wallets",
                        "find_does_not_look_into_other_wallets",
                        right -> new ForwardingLedger(right) {
                            private final Set<String> wallets = ConcurrentHashMap.newKeySet();

                            @Override
                            public HoldResult hold(HoldRequest request) {
                                wallets.add(request.wallet());
                                return super.hold(request);
                            }

                            @Override
                            public Optional<Charge> find(String wallet, String requestId) {
                                return wallets.stream()
                                        .flatMap(any -> super.find(any, requestId).stream())
                                        .findFirst();
                            }
                        }),
                broken(
                        "rounds the lines of its receipts",
                        "find_tells_the_arithmetic_of_a_settled_charge",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public Optional<Charge> find(String wallet, String requestId) {
                                return super.find(wallet, requestId).map(CreditLedgerContractTest::rounded);
                            }
                        }),
                broken(
                        "has books that do not add up",
                        "deposit_adds_to_what_is_available",
                        right -> new ForwardingLedger(right) {
                            @Override
                            public List<String> audit() {
                                return List.of("a micro-credit is missing");
                            }
                        }));
    }

    private static Arguments broken(String what, String rule, Breakage breakage) {
        return Arguments.of(what, breakage, rule);
    }

    private static List<String> rulesBrokenBy(Breakage breakage) {
        clock = new ManualClock();
        broken = breakage.of(CreditLedger.inMemory(Map.of(), clock));
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(BrokenLedgerCase.class))
                .execute()
                .testEvents();
        assertThat(tests.started().count()).isGreaterThan(40);
        return tests.failed().stream()
                .map(Event::getTestDescriptor)
                .map(test -> test.getLegacyReportingName().replace("()", ""))
                .toList();
    }

    private static HoldRequest with(HoldRequest request, UUID charge, Credits amount, Credits least) {
        return new HoldRequest(
                charge,
                request.requestId(),
                request.wallet(),
                request.project(),
                request.key(),
                request.model(),
                amount,
                least,
                request.lease());
    }

    private static Charge rounded(Charge charge) {
        List<ChargeLine> lines = charge.lines().stream()
                .map(line -> new ChargeLine(
                        line.unit(),
                        line.quantity(),
                        line.rate(),
                        Credits.ofMicros(line.amount().micros() / 10 * 10)))
                .toList();
        return new Charge(
                charge.id(),
                charge.requestId(),
                charge.wallet(),
                charge.project(),
                charge.key(),
                charge.model(),
                charge.provider(),
                charge.state(),
                charge.reserved(),
                charge.charged(),
                charge.shortfall(),
                charge.usage(),
                charge.source(),
                lines,
                charge.priceVersion(),
                charge.created(),
                charge.closed());
    }
}
