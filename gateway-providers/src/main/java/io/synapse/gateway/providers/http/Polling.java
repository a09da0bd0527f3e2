package io.synapse.gateway.providers.http;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a job that an upstream works on, by asking again and again how it stands. Waiting ends at once when the call is
 * stopped; a job that nobody waits for any more is abandoned, which costs less at the upstreams that let it.
 *
 * @param first how long to wait before the first question
 * @param interval how long between the first two; grows by half with each
 * @param longest how long between two at most
 */
public record Polling(Duration first, Duration interval, Duration longest) {
    /** That the question failed says nothing about the job. */
    private static final Set<Kind> PASSING =
            EnumSet.of(Kind.RATE_LIMITED, Kind.OVERLOADED, Kind.UNREACHABLE, Kind.TIMED_OUT, Kind.FAILED);

    /** Of a submission they would mean that it may be repeated; the job was taken on, and would be paid for twice. */
    private static final Set<Kind> INVITING = EnumSet.of(Kind.RATE_LIMITED, Kind.OVERLOADED);

    private static final int MOST_FAILURES = 5;
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    /**
     * A job that an upstream has taken on.
     *
     * @param <T> what comes of it
     */
    public interface Job<T> {
        /**
         * Asks how it stands. Where the question itself fails for a passing reason it is asked again, a few times in a row.
         *
         * @return what came of it, or null while it runs
         * @throws JobFailedException if the upstream says that the job failed
         * @throws UpstreamException if the question fails
         */
        @Nullable
        T poll() throws UpstreamException, JobFailedException;

        /**
         * Tells the upstream that nobody waits any more. Called at most once, on a thread of its own, and never after the
         * job ended. Does nothing where the upstream has no way to tell it.
         *
         * @param farewell a call with a little time of its own, since the job's own call is over
         */
        default void abandon(UpstreamCall farewell) throws UpstreamException {}
    }

    /** The upstream says that the job failed: asking again would not change that. */
    public static final class JobFailedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final UpstreamException reason;

        /** For that reason. */
        public JobFailedException(UpstreamException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /**
     * Waits until the job has ended.
     *
     * @throws UpstreamException if it failed, could not be asked about, or the call was stopped or ran out of time
     */
    public <T> T await(UpstreamCall call, Job<T> job) throws UpstreamException {
        CountDownLatch stopped = new CountDownLatch(1);
        call.onCancel(stopped::countDown);
        boolean over = false;
        try {
            Duration wait = first;
            for (int failures = 0; ; ) {
                pause(call, stopped, wait);
                try {
                    T result = job.poll();
                    if (result != null) {
                        over = true;
                        return result;
                    }
                    failures = 0;
                    wait = next(wait);
                } catch (UpstreamException e) {
                    failures++;
                    if (failures >= MOST_FAILURES || !PASSING.contains(e.kind()) || call.stopped() != null) {
                        throw INVITING.contains(e.kind())
                                ? new UpstreamException(Kind.FAILED, "does not say how a job stands", e)
                                : e;
                    }
                    Duration asked = e.retryAfter();
                    wait = asked == null || asked.compareTo(longest) < 0 ? longest : asked;
                }
            }
        } catch (JobFailedException e) {
            over = true;
            throw e.reason;
        } finally {
            if (!over) {
                abandon(call, job);
            }
        }
    }

    private static void pause(UpstreamCall call, CountDownLatch stopped, Duration wait) throws UpstreamException {
        long nanos = (long) (wait.toNanos() * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
        boolean gone;
        try {
            gone = stopped.await(Math.min(nanos, call.remaining().toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(Kind.UNREACHABLE, "the wait for a job was interrupted", e);
        }
        if (call.remaining().isZero() || call.stopped() == UpstreamCall.Stop.TIMED_OUT) {
            throw new UpstreamException(Kind.TIMED_OUT, "did not finish in time", null);
        }
        if (gone) {
            throw new UpstreamException(Kind.UNREACHABLE, "the wait for a job was stopped", null);
        }
    }

    private Duration next(Duration wait) {
        Duration grown =
                wait.compareTo(interval) < 0 ? interval : wait.multipliedBy(3).dividedBy(2);
        return grown.compareTo(longest) > 0 ? longest : grown;
    }

    private static void abandon(UpstreamCall call, Job<?> job) {
        Thread.startVirtualThread(() -> {
            try {
                job.abandon(new UpstreamCall(call.id(), call.model(), OptionalLong.empty(), FAREWELL));
            } catch (UpstreamException e) {
                System.getLogger(Polling.class.getName())
                        .log(System.Logger.Level.DEBUG, "a job could not be abandoned: {0}", e.getMessage());
            }
        });
    }
}
