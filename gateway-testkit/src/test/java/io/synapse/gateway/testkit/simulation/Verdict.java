package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.Receipt;
import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.testkit.simulation.Call.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The laws that hold once the world has come to rest: of the books, and of what the callers remember. */
final class Verdict {
    private final World world;
    private final Books books;

    Verdict(World world) {
        this.world = world;
        this.books = world.ledger().books();
    }

    /** Tells the scheduler of each breach. */
    void give() {
        String imbalance = books.imbalance();
        if (imbalance != null) {
            breach(imbalance);
        }
        world.ledger().audit().forEach(this::breach);
        books.entries().forEach(this::chargeIsRight);
        world.calls().forEach(this::callIsRight);
        Set<UUID> answered = new HashSet<>();
        world.calls().forEach(call -> {
            if (call.answered() != null) {
                answered.add(call.answered());
            }
        });
        world.claims().wins().forEach((name, charges) -> {
            long answers = charges.stream().filter(answered::contains).count();
            require(
                    answers <= 1 + world.claims().lapses(name),
                    "calls named " + name.key() + " were answered in " + answers + " ways: " + charges);
        });
        for (Node node : world.nodes()) {
            require(node.gateway().inFlight() == 0, "calls run on a node that is closed");
            require(node.gateway().unsettled() == 0, "a node that is closed has unsent settlements");
            // What could not be forgotten may stay: sending it again changes nothing.
            node.disk()
                    .pending()
                    .forEach(kept -> require(
                            isSettled(kept.charge()), "a journal holds " + kept.charge() + ", which is not settled"));
        }
    }

    private void chargeIsRight(Books.Entry entry) {
        UUID charge = entry.request.charge();
        require(entry.state != State.RESERVED, charge + " is still held");
        require(!world.isFair() || entry.state != State.EXPIRED, charge + " expired, though nothing was in its way");
        Settlement settlement = entry.settlement;
        if (settlement != null) {
            require(world.made().wasAsked(charge), charge + " is settled, but nobody was asked for it");
            long worth = world.made().worth(charge);
            require(
                    settlement.cost().micros() <= worth,
                    charge + " costs " + settlement.cost().micros() + ", but what was made is worth " + worth);
            Usage finished = world.made().finished(charge);
            require(
                    finished == null || finished.equals(settlement.usage()),
                    charge + " was finished, using " + finished + ", and is settled for " + settlement.usage());
        }
        Charge kept = world.ledger()
                .find(entry.request.wallet(), entry.request.requestId())
                .orElse(null);
        require(
                kept != null && kept.state() == entry.state && kept.charged().micros() == entry.charged,
                charge + " is " + entry.state + " for " + entry.charged + ", but the ledger has " + kept);
    }

    private void callIsRight(Call call) {
        Books.Entry entry = ofRequest(call.requestId());
        if (call.outcome() == Outcome.CUT_OFF) {
            return;
        }
        UUID answered = call.answered();
        if (answered != null) {
            require(
                    isSettled(answered) || lost(answered),
                    call.requestId() + " was answered, but " + answered + " is not settled");
            agrees(call, call.receipt());
        } else if (call.pieces() > 0) {
            require(
                    entry != null && (entry.state == State.SETTLED || lost(entry.request.charge())),
                    call.requestId() + " got a part of an answer and is not settled");
        } else {
            require(
                    entry == null || entry.state != State.SETTLED,
                    call.requestId() + " came to nothing and is charged all the same");
        }
    }

    /** What a receipt says of the usage is what is paid for, whenever it is. */
    private void agrees(Call call, @Nullable Receipt receipt) {
        Books.Entry entry = receipt == null ? null : books.entry(receipt.charge());
        Settlement settlement = entry == null ? null : entry.settlement;
        if (receipt != null && settlement != null) {
            require(
                    settlement.usage().equals(receipt.usage()),
                    call.requestId() + " was told of " + receipt.usage() + " and settled for " + settlement.usage());
        }
    }

    private Books.@Nullable Entry ofRequest(String requestId) {
        List<Books.Entry> found = books.entries().stream()
                .filter(entry -> entry.request.requestId().equals(requestId))
                .toList();
        require(found.size() < 2, requestId + " has " + found.size() + " charges");
        return found.isEmpty() ? null : found.getFirst();
    }

    private boolean isSettled(UUID charge) {
        Books.Entry entry = books.entry(charge);
        return entry != null && entry.state == State.SETTLED;
    }

    /** Whether the one process that knew of a settlement died, having found its disk full. */
    private boolean lost(UUID charge) {
        return world.nodes().stream().anyMatch(node -> node.disk().lost(charge));
    }

    private void require(boolean lawful, String breach) {
        if (!lawful) {
            breach(breach);
        }
    }

    private void breach(String what) {
        world.scheduler().breach(what);
    }
}
