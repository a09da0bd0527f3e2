package io.synapse.gateway.testkit.load;

import io.synapse.gateway.credit.Credits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** What a load run measured. Immutable. */
public final class LoadReport {
    private final long[] latencies;
    private final long failures;
    private final Duration length;
    private final long answered;
    private final Credits charged;

    /**
     * Puts a report together.
     *
     * @param latencies how long each answer with 200 took to its last byte while it was measured, in nanoseconds
     * @param failures how many requests were answered otherwise
     * @param length how long it was measured
     * @param answered how many were answered with 200, warm-up included
     * @param charged the sum of {@code X-Credits-Charged}, warm-up included
     */
    LoadReport(long[] latencies, long failures, Duration length, long answered, Credits charged) {
        this.latencies = latencies.clone();
        Arrays.sort(this.latencies);
        this.failures = failures;
        this.length = length;
        this.answered = answered;
        this.charged = charged;
    }

    /** How many requests were answered with 200, warm-up included. */
    public long answered() {
        return answered;
    }

    /** The sum of {@code X-Credits-Charged}, warm-up included. */
    public Credits charged() {
        return charged;
    }

    /** Requests answered in a second. */
    public double perSecond() {
        return latencies.length / (length.toNanos() / 1e9);
    }

    /** The latency that a share of the answers stayed under, such as 0.99. */
    public Duration percentile(double share) {
        return latencies.length == 0
                ? Duration.ZERO
                : Duration.ofNanos(latencies[(int) Math.min(latencies.length - 1L, (long) (latencies.length * share))]);
    }

    /** One line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,.0f requests/s, p50 %.2f ms, p99 %.2f ms, %d failed",
                perSecond(),
                percentile(0.5).toNanos() / 1e6,
                percentile(0.99).toNanos() / 1e6,
                failures);
    }
}
