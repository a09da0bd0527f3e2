package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.limit.RateLimiter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that there is in a run: one database, a few nodes, and what their callers remember. */
final class World {
    /** What a key may call in any 60 seconds. */
    static final int PER_MINUTE = 10;

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    /** One wallet that is hot, one that is soon empty, and one that hardly anybody uses; each has one key of its name. */
    private static final Map<String, Integer> WALLETS = new LinkedHashMap<>();

    static {
        WALLETS.put("hot", 300);
        WALLETS.put("poor", 60);
        WALLETS.put("cold", 1000);
    }

    private final Parts parts;
    private final Scheduler scheduler;
    private final Chance chance;
    private final boolean fair;
    private final Network network;
    private final WatchedLedger ledger;
    private final WatchedStore claims;
    private final RateLimiter limiter;
    private final Authenticator authenticator;
    private final Made made;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();

    World(Parts parts, Scheduler scheduler, Chance chance) {
        this.parts = parts;
        this.scheduler = scheduler;
        this.chance = chance;
        this.fair = chance.oneIn(8);
        this.network = new Network(scheduler, chance, fair);
        InstantSource clock = () -> NOON.plusNanos(scheduler.nanoTime());
        this.ledger = new WatchedLedger(parts.ledger().apply(clock), scheduler);
        this.claims = new WatchedStore(parts.claims().apply(clock), scheduler);
        this.limiter = new WatchedLimiter(parts.limiter().apply(scheduler::nanoTime), scheduler);
        this.made = new Made(scheduler, ledger.books());
        Map<String, Caller> keys = new LinkedHashMap<>();
        WALLETS.keySet().forEach(wallet -> keys.put(wallet, Caller.of(wallet)));
        this.authenticator = Authenticator.fixed(keys);
        WALLETS.forEach((wallet, amount) -> ledger.deposit(wallet, Credits.ofMicros(amount), "opening"));
        for (int i = 1 + chance.below(3); i > 0; i--) {
            nodes.add(new Node("node-" + i, this));
        }
    }

    Parts parts() {
        return parts;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Chance chance() {
        return chance;
    }

    /** Whether network and nodes are as one would have them: only upstreams and callers do as they like. */
    boolean isFair() {
        return fair;
    }

    Network network() {
        return network;
    }

    WatchedLedger ledger() {
        return ledger;
    }

    WatchedStore claims() {
        return claims;
    }

    RateLimiter limiter() {
        return limiter;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    Made made() {
        return made;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** What the callers remember, oldest first. */
    List<Call> calls() {
        return calls;
    }

    /** A wallet: often the hot one. */
    String anyWallet() {
        return chance.oneIn(2) ? "hot" : chance.of(List.copyOf(WALLETS.keySet()));
    }
}
