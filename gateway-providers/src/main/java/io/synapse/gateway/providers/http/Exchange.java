package io.synapse.gateway.providers.http;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Future;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.UnsupportedHttpVersionException;
import org.jspecify.annotations.Nullable;

/** One exchange with an upstream: how to end it, and what its failure means. Safe for use by many threads. */
final class Exchange {
    private final UpstreamCall call;
    private final String host;
    private final Runnable abort;
    private @Nullable Future<?> deadline;
    private volatile boolean timedOut;

    Exchange(UpstreamCall call, @Nullable String host, Runnable abort) {
        this.call = call;
        this.host = host == null ? "the upstream" : host;
        this.abort = abort;
    }

    /** Set before the exchange is shared. */
    void endsAt(Future<?> task) {
        deadline = task;
    }

    void timeOut() {
        timedOut = true;
        abort.run();
    }

    /** Closes the connection; whoever reads from it gets an exception. */
    void abort() {
        abort.run();
    }

    /** No deadline is needed any more. */
    void done() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** What an exception of the client's means. */
    UpstreamException failure(Exception e) {
        UpstreamCall.Stop stopped = call.stopped();
        if (stopped != null) {
            return stopped == UpstreamCall.Stop.TIMED_OUT
                    ? new UpstreamException(Kind.TIMED_OUT, host + " did not answer in time", e)
                    : new UpstreamException(Kind.UNREACHABLE, "the call of " + host + " was stopped", e);
        }
        if (timedOut) {
            return new UpstreamException(Kind.TIMED_OUT, host + " did not answer in time", e);
        }
        return switch (e) {
            case ConnectTimeoutException timeout -> unreachable("could not connect to " + host + " in time", e);
            case ConnectionRequestTimeoutException busy ->
                new UpstreamException(Kind.OVERLOADED, "all connections to " + host + " are in use", e);
            case SocketTimeoutException timeout -> new UpstreamException(Kind.TIMED_OUT, host + " fell silent", e);
            case TruncatedChunkException cut -> unreachable("the answer of " + host + " was cut off", e);
            case MalformedStreamException bad -> malformed(host + ": " + bad.getMessage(), e);
            case MessageConstraintException bad -> malformed(host + " answered with too large a head", e);
            case MalformedChunkCodingException bad -> malformed(host + " answered in ill-formed chunks", e);
            case UnsupportedHttpVersionException bad -> malformed(host + " does not speak HTTP/1.1", e);
            case SSLException bad -> unreachable("no secure connection to " + host, e);
            case InterruptedIOException interrupted -> unreachable("the call of " + host + " was interrupted", e);
            case IOException other
            when other.getCause() instanceof ProtocolException ->
                malformed(host + " answered with something that is not HTTP", e);
            case IOException other ->
                unreachable(
                        "could not reach " + host + ", or lost it ("
                                + other.getClass().getSimpleName() + ")",
                        e);
            default -> unreachable("could not call " + host, e);
        };
    }

    private static UpstreamException unreachable(String message, Exception cause) {
        return new UpstreamException(Kind.UNREACHABLE, message, cause);
    }

    private static UpstreamException malformed(String message, Exception cause) {
        return new UpstreamException(Kind.MALFORMED, message, cause);
    }
}
