package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Plays the fault that the name of a call's model ends with, and ends what is stopped; the same in every modality. */
final class Faults {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Faults() {}

    /**
     * Begins an answer that comes in pieces: fails or waits, if the model's name asks for it.
     *
     * @return whether the answer is to {@linkplain #cut break off} in the middle
     */
    static boolean begin(UpstreamCall call) throws UpstreamException {
        SandboxFault fault = faultOf(call.model());
        switch (fault) {
            case SandboxFault.RateLimited limited ->
                throw new UpstreamException(
                        Kind.RATE_LIMITED, "The sandbox was asked to be out of requests.", RETRY_AFTER, null, null);
            case SandboxFault.Failed failed ->
                throw new UpstreamException(Kind.FAILED, "The sandbox was asked to fail.", null);
            case SandboxFault.Silent silent -> {
                rest(call, call.remaining());
                throw new UpstreamException(Kind.TIMED_OUT, "The sandbox was asked to say nothing.", null);
            }
            case SandboxFault.Slow slow -> rest(call, slow.delay());
            case SandboxFault.Cut cut -> {}
            case null -> {}
        }
        return fault instanceof SandboxFault.Cut;
    }

    /** Begins an answer that comes in one piece: of one that breaks off nothing arrives. */
    static void beginWhole(UpstreamCall call) throws UpstreamException {
        if (begin(call)) {
            throw cut();
        }
        goOn(call);
    }

    /** Ends a call that was stopped. To be asked between pieces of work of some milliseconds. */
    static void goOn(UpstreamCall call) throws UpstreamException {
        if (call.stopped() != null) {
            throw stopped(call);
        }
    }

    static UpstreamException cut() {
        return new UpstreamException(Kind.UNREACHABLE, "The sandbox was asked to break off.", null);
    }

    /** A refusal of the caller's request, naming the field at fault. */
    static UpstreamException rejected(String param, String message, @Nullable Throwable cause) {
        return new UpstreamException(Kind.REJECTED, message, null, param, cause);
    }

    /** The name of the model without the fault that it ends with. */
    static String plainModel(UpstreamCall call) {
        String model = call.model();
        return faultOf(model) == null ? model : model.substring(0, model.lastIndexOf(':'));
    }

    private static @Nullable SandboxFault faultOf(String model) {
        int colon = model.lastIndexOf(':');
        return colon < 0 ? null : SandboxFault.parse(model.substring(colon + 1)).orElse(null);
    }

    private static UpstreamException stopped(UpstreamCall call) {
        return call.stopped() == UpstreamCall.Stop.TIMED_OUT
                ? new UpstreamException(Kind.TIMED_OUT, "The sandbox did not answer in time.", null)
                : new UpstreamException(Kind.UNREACHABLE, "The call of the sandbox was stopped.", null);
    }

    /** Waits, but not a moment longer than the call may run. */
    private static void rest(UpstreamCall call, Duration wait) throws UpstreamException {
        CountDownLatch stopped = new CountDownLatch(1);
        call.onCancel(stopped::countDown);
        Duration left = call.remaining();
        boolean tooLong = wait.compareTo(left) > 0;
        try {
            if (stopped.await((tooLong ? left : wait).toNanos(), TimeUnit.NANOSECONDS)) {
                throw stopped(call);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (tooLong) {
            throw new UpstreamException(Kind.TIMED_OUT, "The sandbox did not answer in time.", null);
        }
    }

    static UpstreamException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new UpstreamException(Kind.UNREACHABLE, "The call of the sandbox was interrupted.", e);
    }
}
