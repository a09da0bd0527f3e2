package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;

/** Sends sound on in pieces, as it is made; ends when the call is stopped or is to break off. For one thread. */
final class SoundStream {
    private final UpstreamCall call;
    private final SpeechSink sink;
    private final long end;
    private final byte[] piece = new byte[1 << 13];
    private int pending;
    private long sent;

    /** @param end how many bytes to send before breaking off */
    SoundStream(UpstreamCall call, SpeechSink sink, long end) {
        this.call = call;
        this.sink = sink;
        this.end = end;
    }

    void write(byte[] bytes) throws UpstreamException {
        int from = 0;
        while (from < bytes.length) {
            int length = Math.min(bytes.length - from, piece.length - pending);
            System.arraycopy(bytes, from, piece, pending, length);
            pending += length;
            from += length;
            if (pending == piece.length || sent + pending >= end) {
                send();
            }
        }
    }

    /** Sends what is left. */
    void finish() throws UpstreamException {
        if (pending > 0) {
            send();
        }
    }

    private void send() throws UpstreamException {
        Faults.goOn(call);
        int length = (int) Math.min(pending, end - sent);
        sink.bytes(piece, 0, length);
        sent += length;
        pending = 0;
        if (sent >= end) {
            throw Faults.cut();
        }
    }
}
