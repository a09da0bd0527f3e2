package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.testkit.simulation.Network.Outage;
import java.time.Duration;

/** What befalls the world from outside: nodes die, are stopped and start again, the network fails, money comes in. */
final class Fate {
    private static final Duration SWEEPS_EVERY = Duration.ofSeconds(8);

    private final World world;
    private final int crashes;
    private final int stops;
    private final int outages;
    private boolean over;
    private int deposits;

    Fate(World world) {
        this.world = world;
        this.crashes = world.isFair() ? 0 : world.chance().below(4);
        this.stops = world.isFair() ? 0 : world.chance().below(3);
        this.outages = world.isFair() ? 0 : world.chance().below(3);
    }

    /** From now on all is well. */
    void relent() {
        over = true;
    }

    void strike() {
        Chance chance = world.chance();
        while (!over) {
            world.scheduler().sleep(chance.upTo(Duration.ofSeconds(12)));
            Node node = chance.of(world.nodes());
            if (!node.lives()) {
                node.start();
                continue;
            }
            int drawn = chance.below(12);
            if (drawn < crashes) {
                node.crash();
            } else if (drawn < crashes + stops) {
                if (node.isUp()) {
                    node.stop();
                }
            } else if (drawn < crashes + stops + outages) {
                outage();
            } else if (drawn == 11) {
                deposit();
            }
        }
    }

    /** Troubles come together: a node may well die during an outage. */
    private void outage() {
        Chance chance = world.chance();
        world.network().suffer(chance.oneIn(2) ? Outage.ALL : Outage.CLOSINGS);
        world.scheduler().sleep(chance.upTo(Duration.ofSeconds(15)));
        Node node = chance.of(world.nodes());
        if (node.isUp() && chance.oneIn(2)) {
            if (chance.oneIn(2)) {
                node.crash();
            } else {
                node.stop();
            }
        }
        world.scheduler().sleep(chance.upTo(Duration.ofSeconds(10)));
        world.network().suffer(Outage.NONE);
    }

    private void deposit() {
        String reference = "deposit-" + ++deposits;
        String wallet = world.anyWallet();
        for (int tries = 2; tries > 0; tries--) {
            try {
                world.network()
                        .ask("deposit", wallet, () -> world.ledger().deposit(wallet, Credits.ofMicros(50), reference));
            } catch (StoreUnavailableException | Network.BrokenException e) {
                // The same reference adds once.
            }
        }
    }

    /** Closes the holds of the dead. */
    void sweep() {
        while (!over) {
            world.scheduler().sleep(world.chance().upTo(SWEEPS_EVERY));
            try {
                world.network().ask("expire", "", world.ledger()::expire);
            } catch (StoreUnavailableException | Network.BrokenException e) {
                // Next time.
            }
        }
    }
}
