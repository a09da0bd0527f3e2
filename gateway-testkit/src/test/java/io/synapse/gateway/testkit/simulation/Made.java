package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the upstreams were asked for and made: no charge may cost more. Amounts are micro-credits. */
final class Made {
    static final PriceList PRICES = PriceList.perMillionTokens(Credits.of(1), Credits.of(2));

    private final Scheduler scheduler;
    private final Books books;
    private final Map<UUID, Long> most = new HashMap<>();
    private final Map<UUID, Usage> finished = new HashMap<>();

    Made(Scheduler scheduler, Books books) {
        this.scheduler = scheduler;
        this.books = books;
    }

    /** An upstream is asked: a hold must have been taken before. */
    void asked(UUID charge) {
        if (books.entry(charge) == null) {
            scheduler.breach("an upstream is asked for " + charge + ", for which nothing was ever held");
        }
        most.putIfAbsent(charge, 0L);
    }

    void measured(UUID charge, long input, long output) {
        reported(charge, Usage.of(Unit.INPUT_TOKENS, input, Unit.OUTPUT_TOKENS, output));
    }

    void reported(UUID charge, Usage usage) {
        most.merge(charge, PRICES.cost(usage).micros(), Math::max);
    }

    /** An upstream came to the end of an answer and says, credibly, what it used. */
    void finished(UUID charge, Usage usage) {
        reported(charge, usage);
        finished.put(charge, usage);
    }

    /** What a finished answer used, or null. */
    @Nullable
    Usage finished(UUID charge) {
        return finished.get(charge);
    }

    boolean wasAsked(UUID charge) {
        return most.containsKey(charge);
    }

    /** What a charge may cost at most. */
    long worth(UUID charge) {
        return most.getOrDefault(charge, 0L);
    }
}
