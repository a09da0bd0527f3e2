package io.synapse.gateway.testkit.load;

import io.synapse.gateway.credit.Credits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a load run measured.
 *
 * @param requests how many requests were answered with 200 while it was measured
 * @param failures how many were answered otherwise, or not at all
 * @param length how long it was measured
 * @param latencies how long each answer took to its last byte, in nanoseconds, sorted
 * @param answered how many were answered with 200, warm-up included
 * @param charged the sum of {@code X-Credits-Charged}, warm-up included
 */
public record LoadReport(
        long requests, long failures, Duration length, long[] latencies, long answered, Credits charged) {
    /** Requests answered in a second. */
    public double perSecond() {
        return requests / (length.toNanos() / 1e9);
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

    static long[] sorted(long[] nanos) {
        long[] copy = nanos.clone();
        Arrays.sort(copy);
        return copy;
    }
}
