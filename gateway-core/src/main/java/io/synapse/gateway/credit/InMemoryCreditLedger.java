package io.synapse.gateway.credit;

import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.credit.HoldResult.InsufficientCredits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in memory. One lock guards everything; what it guards takes well under a microsecond. A wallet's sums are kept
 * for good and its charges while they are open; of the closed ones the last, whichever wallet's they are, so that memory
 * does not grow with the calls.
 */
final class InMemoryCreditLedger implements CreditLedger {
    /** Closed charges kept for receipts and for commands that come again. */
    private static final int CLOSED_KEPT = 10_000;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Wallet> wallets = new HashMap<>();
    private final Map<UUID, Open> open = new HashMap<>();
    private final Map<UUID, Closed> closed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Closed> eldest) {
            return size() > CLOSED_KEPT;
        }
    };

    InMemoryCreditLedger(InstantSource clock) {
        this.clock = clock;
    }

    private static final class Wallet {
        private Credits available = Credits.ZERO;
        private Credits held = Credits.ZERO;
        private Credits spent = Credits.ZERO;
        private Credits funded = Credits.ZERO;
        private final Set<String> deposits = new HashSet<>();
    }

    private record Open(HoldRequest request, Credits reserved, Instant created, Instant deadline) {}

    /** A charge at its end. Its receipt is written when somebody wants to see it. */
    private record Closed(
            Open hold,
            State state,
            Credits charged,
            @Nullable Settlement settlement,
            Instant at) {}

    @Override
    public HoldResult hold(HoldRequest request) {
        lock.lock();
        try {
            Wallet wallet = wallet(request.wallet());
            Open known = open.get(request.charge());
            if (known != null) {
                return new Held(known.reserved(), wallet.available);
            }
            if (closed.containsKey(request.charge())) {
                throw new IllegalArgumentException("charge " + request.charge() + " is closed already");
            }
            if (wallet.available.compareTo(request.least()) < 0) {
                return new InsufficientCredits(wallet.available);
            }
            Credits reserved = request.amount().min(wallet.available);
            wallet.available = wallet.available.minus(reserved);
            wallet.held = wallet.held.plus(reserved);
            Instant now = clock.instant();
            open.put(request.charge(), new Open(request, reserved, now, now.plus(request.lease())));
            return new Held(reserved, wallet.available);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Settled settle(Settlement settlement) {
        lock.lock();
        try {
            Open hold = open.remove(settlement.charge());
            if (hold == null) {
                return settleClosed(settlement);
            }
            Wallet wallet = wallet(hold.request().wallet());
            wallet.held = wallet.held.minus(hold.reserved());
            wallet.available = wallet.available.plus(hold.reserved());
            return new Settled(charge(wallet, hold, settlement), wallet.available);
        } finally {
            lock.unlock();
        }
    }

    private Settled settleClosed(Settlement settlement) {
        Closed known = closed.get(settlement.charge());
        if (known == null) {
            throw new IllegalArgumentException("no charge " + settlement.charge());
        }
        Wallet wallet = wallet(known.hold().request().wallet());
        Credits charged = known.state() == State.EXPIRED ? charge(wallet, known.hold(), settlement) : known.charged();
        return new Settled(charged, wallet.available);
    }

    /** Takes the cost from what is available, as far as that goes, and closes the charge. */
    private Credits charge(Wallet wallet, Open hold, Settlement settlement) {
        Credits paid = settlement.cost().min(wallet.available);
        wallet.available = wallet.available.minus(paid);
        wallet.spent = wallet.spent.plus(paid);
        close(hold, State.SETTLED, paid, settlement);
        return paid;
    }

    @Override
    public void release(UUID charge) {
        lock.lock();
        try {
            Open hold = open.remove(charge);
            if (hold != null) {
                giveBack(hold, State.RELEASED);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        lock.lock();
        try {
            Instant deadline = clock.instant().plus(lease);
            for (UUID charge : charges) {
                open.computeIfPresent(
                        charge, (id, hold) -> new Open(hold.request(), hold.reserved(), hold.created(), deadline));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int expire() {
        lock.lock();
        try {
            Instant now = clock.instant();
            List<Open> dead = open.values().stream()
                    .filter(hold -> hold.deadline().isBefore(now))
                    .toList();
            for (Open hold : dead) {
                open.remove(hold.request().charge());
                giveBack(hold, State.EXPIRED);
            }
            return dead.size();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Open hold, State state) {
        Wallet wallet = wallet(hold.request().wallet());
        wallet.held = wallet.held.minus(hold.reserved());
        wallet.available = wallet.available.plus(hold.reserved());
        close(hold, state, Credits.ZERO, null);
    }

    private void close(Open hold, State state, Credits charged, @Nullable Settlement settlement) {
        closed.put(hold.request().charge(), new Closed(hold, state, charged, settlement, clock.instant()));
    }

    @Override
    public Credits available(String wallet) {
        lock.lock();
        try {
            Wallet known = wallets.get(wallet);
            return known == null ? Credits.ZERO : known.available;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Credits deposit(String name, Credits amount, String reference) {
        lock.lock();
        try {
            Wallet wallet = wallet(name);
            if (wallet.deposits.add(reference)) {
                wallet.funded = wallet.funded.plus(amount);
                wallet.available = wallet.available.plus(amount);
            }
            return wallet.available;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Charge> find(String wallet, String requestId) {
        lock.lock();
        try {
            Charge found = null;
            for (Closed charge : closed.values()) {
                if (isOf(charge.hold().request(), wallet, requestId)) {
                    found = receipt(charge);
                }
            }
            for (Open hold : open.values()) {
                if (isOf(hold.request(), wallet, requestId)) {
                    found = receipt(hold, State.RESERVED, Credits.ZERO, null, null);
                }
            }
            return Optional.ofNullable(found);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOf(HoldRequest request, String wallet, String requestId) {
        return request.wallet().equals(wallet) && request.requestId().equals(requestId);
    }

    private static Charge receipt(Closed charge) {
        return receipt(charge.hold(), charge.state(), charge.charged(), charge.settlement(), charge.at());
    }

    private static Charge receipt(
            Open hold, State state, Credits charged, @Nullable Settlement settlement, @Nullable Instant closed) {
        HoldRequest request = hold.request();
        return new Charge(
                request.charge(),
                request.requestId(),
                request.wallet(),
                request.project(),
                request.key(),
                request.model(),
                settlement == null ? null : settlement.provider(),
                state,
                hold.reserved(),
                charged,
                settlement == null ? Credits.ZERO : settlement.cost().minus(charged),
                settlement == null ? null : settlement.usage(),
                settlement == null ? null : settlement.source(),
                settlement == null ? List.of() : settlement.prices().lines(settlement.usage()),
                settlement == null ? null : settlement.prices().version(),
                hold.created(),
                closed);
    }

    @Override
    public List<String> audit() {
        lock.lock();
        try {
            List<String> breaches = new ArrayList<>();
            Map<String, Credits> heldByWallet = new HashMap<>();
            open.values().forEach(hold -> heldByWallet.merge(hold.request().wallet(), hold.reserved(), Credits::plus));
            wallets.forEach((name, wallet) -> {
                if (!wallet.funded.equals(wallet.available.plus(wallet.held).plus(wallet.spent))) {
                    breaches.add("wallet " + name + ": funded " + wallet.funded + " is not available "
                            + wallet.available + " + held " + wallet.held + " + spent " + wallet.spent);
                }
                Credits held = heldByWallet.getOrDefault(name, Credits.ZERO);
                if (!wallet.held.equals(held)) {
                    breaches.add("wallet " + name + ": held " + wallet.held + " but its open holds add up to " + held);
                }
            });
            closed.values().stream().map(InMemoryCreditLedger::receipt).forEach(charge -> {
                Credits lines = charge.lines().stream().map(ChargeLine::amount).reduce(Credits.ZERO, Credits::plus);
                if (charge.state() == State.SETTLED
                        && !lines.equals(charge.charged().plus(charge.shortfall()))) {
                    breaches.add("charge " + charge.id() + ": its lines add up to " + lines);
                }
            });
            return breaches;
        } finally {
            lock.unlock();
        }
    }

    private Wallet wallet(String name) {
        return wallets.computeIfAbsent(name, n -> new Wallet());
    }
}
