package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.Settlement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the books should say: the laws of the ledger once more, written down as plainly as can be, to compare a ledger with
 * after every command. Amounts are micro-credits.
 */
final class Books {
    private final Map<String, Long> available = new HashMap<>();
    private final Map<String, Long> funded = new HashMap<>();
    private final Set<String> deposits = new HashSet<>();
    private final Map<UUID, Entry> entries = new LinkedHashMap<>();

    /** A charge. */
    static final class Entry {
        final HoldRequest request;
        final long reserved;
        long deadline;
        State state = State.RESERVED;
        long charged;

        @Nullable
        Settlement settlement;

        Entry(HoldRequest request, long reserved, long deadline) {
            this.request = request;
            this.reserved = reserved;
            this.deadline = deadline;
        }
    }

    long available(String wallet) {
        return available.getOrDefault(wallet, 0L);
    }

    @Nullable
    Entry entry(UUID charge) {
        return entries.get(charge);
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    Set<String> wallets() {
        return funded.keySet();
    }

    void deposit(String wallet, long amount, String reference) {
        if (deposits.add(wallet + " " + reference)) {
            available.merge(wallet, amount, Long::sum);
            funded.merge(wallet, amount, Long::sum);
        }
    }

    /** What a ledger has to answer; null if it has to refuse with an exception, since the charge is closed. */
    @Nullable
    HoldResult hold(HoldRequest request, long now) {
        Entry known = entries.get(request.charge());
        long has = available(request.wallet());
        if (known != null) {
            return known.state == State.RESERVED ? held(known.reserved, has) : null;
        }
        if (has < request.least().micros()) {
            return new HoldResult.InsufficientCredits(Credits.ofMicros(has));
        }
        long reserved = Math.min(has, request.amount().micros());
        available.put(request.wallet(), has - reserved);
        entries.put(
                request.charge(),
                new Entry(request, reserved, now + request.lease().toNanos()));
        return held(reserved, has - reserved);
    }

    private static HoldResult held(long reserved, long has) {
        return new HoldResult.Held(Credits.ofMicros(reserved), Credits.ofMicros(has));
    }

    /** What the wallet has to have paid for the charge in the end; -1 for a charge that does not exist. */
    long settle(Settlement settlement) {
        Entry entry = entries.get(settlement.charge());
        if (entry == null) {
            return -1;
        }
        if (entry.state == State.RESERVED || entry.state == State.EXPIRED) {
            if (entry.state == State.RESERVED) {
                available.merge(entry.request.wallet(), entry.reserved, Long::sum);
            }
            entry.charged = Math.min(settlement.cost().micros(), available(entry.request.wallet()));
            entry.settlement = settlement;
            entry.state = State.SETTLED;
            available.merge(entry.request.wallet(), -entry.charged, Long::sum);
        }
        return entry.charged;
    }

    void release(UUID charge) {
        Entry entry = entries.get(charge);
        if (entry != null && entry.state == State.RESERVED) {
            giveBack(entry, State.RELEASED);
        }
    }

    private void giveBack(Entry entry, State state) {
        entry.state = state;
        available.merge(entry.request.wallet(), entry.reserved, Long::sum);
    }

    void extend(Collection<UUID> charges, Duration lease, long now) {
        for (UUID charge : charges) {
            Entry entry = entries.get(charge);
            if (entry != null && entry.state == State.RESERVED) {
                entry.deadline = now + lease.toNanos();
            }
        }
    }

    /** How many holds have run out by now. */
    int expire(long now) {
        int expired = 0;
        for (Entry entry : entries.values()) {
            if (entry.state == State.RESERVED && entry.deadline < now) {
                giveBack(entry, State.EXPIRED);
                expired++;
            }
        }
        return expired;
    }

    /** What is wrong with these books themselves, or null: what was funded is available, held or spent. */
    @Nullable
    String imbalance() {
        for (Map.Entry<String, Long> wallet : funded.entrySet()) {
            long held = 0;
            long spent = 0;
            for (Entry entry : entries.values()) {
                if (entry.request.wallet().equals(wallet.getKey())) {
                    held += entry.state == State.RESERVED ? entry.reserved : 0;
                    spent += entry.charged;
                }
            }
            long has = available(wallet.getKey());
            if (has < 0 || has + held + spent != wallet.getValue()) {
                return "wallet " + wallet.getKey() + " was funded with " + wallet.getValue() + " and has " + has
                        + ", holds " + held + ", spent " + spent;
            }
        }
        return null;
    }
}
