package io.synapse.gateway.billing;

import io.synapse.gateway.billing.LedgerCommand.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the SQL function {@code apply} decides, in the plainest code there is: one command after the other, with no locks,
 * rows or batches. The function is held against it. Time passes only when it is told which leases are over.
 */
final class LedgerTwin {
    /** What the SQL function {@code expire} says of a charge whose lease may be over. */
    static LedgerCommand expire(UUID charge) {
        return new LedgerCommand(
                "expire", charge, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** A wallet's money. */
    static final class Wallet {
        long available;
        long held;
        long spent;
        final Set<String> deposits = new HashSet<>();
    }

    /** A charge, as its row says. */
    static final class Charge {
        final String wallet;
        final String requestId;
        final long reserved;
        final @Nullable Budget budget;
        String state = "reserved";
        boolean overdue;
        long cost;
        long extra;
        long late;
        long shortfall;

        Charge(String wallet, String requestId, long reserved, @Nullable Budget budget) {
            this.wallet = wallet;
            this.requestId = requestId;
            this.reserved = reserved;
            this.budget = budget;
        }

        long charged() {
            return cost + extra + late;
        }
    }

    /** What a project with a cap has in use. */
    static final class Budget {
        final long cap;
        long reserved;
        long spent;

        Budget(long cap) {
            this.cap = cap;
        }

        long room() {
            return Math.max(0, cap - reserved - spent);
        }
    }

    final Map<String, Wallet> wallets = new TreeMap<>();
    final Map<UUID, Charge> charges = new HashMap<>();
    final Map<String, Budget> budgets = new HashMap<>();
    final Set<String> deadKeys = new HashSet<>();

    /** Applies a batch: holds last, and otherwise in its order. */
    List<Outcome> apply(List<LedgerCommand> batch) {
        Outcome[] outcomes = new Outcome[batch.size()];
        for (boolean holds : new boolean[] {false, true}) {
            IntStream.range(0, batch.size())
                    .filter(i -> batch.get(i).kind().equals("hold") == holds)
                    .forEach(i -> outcomes[i] = apply(batch.get(i)));
        }
        return List.of(outcomes);
    }

    private Outcome apply(LedgerCommand command) {
        return switch (command.kind()) {
            case "deposit" -> deposit(command);
            case "hold" -> hold(command);
            default -> {
                Charge charge = charges.get(command.charge());
                yield charge == null ? new Outcome("unknown", 0, 0) : close(command, charge);
            }
        };
    }

    private Outcome deposit(LedgerCommand command) {
        Wallet wallet = wallets.computeIfAbsent(Objects.requireNonNull(command.wallet()), id -> new Wallet());
        if (wallet.deposits.add(Objects.requireNonNull(command.requestId()))) {
            wallet.available += Objects.requireNonNull(command.amount());
        }
        return new Outcome("deposited", 0, wallet.available);
    }

    private Outcome hold(LedgerCommand command) {
        Wallet wallet = wallets.computeIfAbsent(Objects.requireNonNull(command.wallet()), id -> new Wallet());
        Charge known = charges.get(command.charge());
        if (known != null) {
            boolean same = known.wallet.equals(command.wallet()) && known.requestId.equals(command.requestId());
            String code = !same ? "conflict" : known.state.equals("reserved") ? "held" : "closed";
            return new Outcome(code, known.reserved, wallet.available);
        }
        Budget budget = budgets.get(command.project());
        long room = budget == null ? Long.MAX_VALUE : budget.room();
        long least = Objects.requireNonNull(command.least());
        if (deadKeys.contains(command.key())) {
            return new Outcome("key_inactive", 0, wallet.available);
        }
        if (wallet.available < least) {
            return new Outcome("insufficient", 0, wallet.available);
        }
        if (room < least) {
            return new Outcome("budget", room, wallet.available);
        }
        long reserved = Math.min(Objects.requireNonNull(command.amount()), Math.min(wallet.available, room));
        move(wallet, budget, -reserved, reserved, 0);
        charges.put(
                Objects.requireNonNull(command.charge()),
                new Charge(command.wallet(), Objects.requireNonNull(command.requestId()), reserved, budget));
        return new Outcome("held", reserved, wallet.available);
    }

    private Outcome close(LedgerCommand command, Charge charge) {
        Wallet wallet = wallet(charge);
        boolean open = charge.state.equals("reserved");
        return switch (command.kind()) {
            case "settle" -> {
                settle(Objects.requireNonNull(command.amount()), charge, wallet);
                yield new Outcome(charge.state, charge.charged(), wallet.available);
            }
            case "release" -> {
                if (open) {
                    giveBack(charge, wallet, "released");
                }
                yield new Outcome(charge.state, 0, wallet.available);
            }
            case "expire" -> {
                if (open && charge.overdue) {
                    giveBack(charge, wallet, "expired");
                    yield new Outcome("expired", 0, wallet.available);
                }
                yield new Outcome("unchanged", 0, wallet.available);
            }
            case "extend" -> {
                charge.overdue = false;
                yield new Outcome(charge.state, 0, wallet.available);
            }
            default -> throw new IllegalArgumentException(command.kind());
        };
    }

    private static void settle(long cost, Charge charge, Wallet wallet) {
        long room = charge.budget == null ? Long.MAX_VALUE : charge.budget.room();
        switch (charge.state) {
            case "reserved" -> {
                charge.cost = Math.min(cost, charge.reserved);
                charge.extra = Math.min(cost - charge.cost, Math.min(wallet.available, room));
                move(wallet, charge.budget, charge.reserved - charge.charged(), -charge.reserved, charge.charged());
            }
            case "expired" -> {
                charge.late = Math.min(cost, Math.min(wallet.available, room));
                move(wallet, charge.budget, -charge.late, 0, charge.late);
            }
            default -> {
                return;
            }
        }
        charge.shortfall = cost - charge.charged();
        charge.state = "settled";
    }

    private static void giveBack(Charge charge, Wallet wallet, String state) {
        move(wallet, charge.budget, charge.reserved, -charge.reserved, 0);
        charge.state = state;
    }

    private static void move(Wallet wallet, @Nullable Budget budget, long available, long held, long spent) {
        wallet.available += available;
        wallet.held += held;
        wallet.spent += spent;
        if (budget != null) {
            budget.reserved += held;
            budget.spent += spent;
        }
    }

    private Wallet wallet(Charge charge) {
        return Objects.requireNonNull(wallets.get(charge.wallet));
    }
}
