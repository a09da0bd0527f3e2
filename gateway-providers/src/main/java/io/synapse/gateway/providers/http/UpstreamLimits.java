package io.synapse.gateway.providers.http;

import java.time.Duration;

/**
 * How long an upstream may take and how much it may say. The time that a whole call may take is the call's own.
 *
 * @param connect how long to wait for a connection
 * @param idle how long an upstream may say nothing at all, before its answer or within
 * @param keepAlive how long an unused connection is kept for the next call
 * @param answerBytes the most bytes of an answer that is read whole; a streamed answer has no such bound
 * @param errorBytes how much is read of an answer that reports an error
 */
public record UpstreamLimits(Duration connect, Duration idle, Duration keepAlive, int answerBytes, int errorBytes) {
    /** 10 s to connect, 5 min of silence, 30 s of keeping alive, 64 MiB an answer, 64 KiB an error. */
    public static final UpstreamLimits DEFAULT = new UpstreamLimits(
            Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(30), 64 * 1024 * 1024, 64 * 1024);

    /** The same, with another idle time. */
    public UpstreamLimits withIdle(Duration time) {
        return new UpstreamLimits(connect, time, keepAlive, answerBytes, errorBytes);
    }

    /** The same, with another time to connect. */
    public UpstreamLimits withConnect(Duration time) {
        return new UpstreamLimits(time, idle, keepAlive, answerBytes, errorBytes);
    }

    /** The same, with another bound on answers that are read whole. */
    public UpstreamLimits withAnswerBytes(int most) {
        return new UpstreamLimits(connect, idle, keepAlive, most, errorBytes);
    }
}
