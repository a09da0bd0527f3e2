package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import java.io.IOException;
import java.io.UncheckedIOException;

/** {@code POST /audio/speech}: the sound is sent on as it arrives. */
final class SpeechHandler implements Handler {
    private static final int MOST_BYTES = 1024 * 1024;

    private final Gateway gateway;

    SpeechHandler(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void handle(Context ctx) {
        Exchange exchange = Exchange.of(ctx);
        Admission admission = exchange.admit(gateway);
        SpeechRequest request = SpeechRequest.of(RequestBody.json(ctx, MOST_BYTES));
        Sound sound = new Sound(ctx, exchange);
        try {
            gateway.speak(admission, request, sound);
        } catch (RuntimeException e) {
            if (sound.started) {
                // The status is out; only a connection that breaks tells that the sound is not whole.
                exchange.breakOff();
            }
            throw e;
        }
    }

    /** The response's body. What a character costs is known before, so the reservation is the price. */
    private static final class Sound implements SpeechSink {
        private final Context ctx;
        private final Exchange exchange;
        private boolean started;

        Sound(Context ctx, Exchange exchange) {
            this.ctx = ctx;
            this.exchange = exchange;
        }

        @Override
        public void reserved(Credits reserved, Credits available) {
            exchange.creditHeaders(reserved, available);
        }

        @Override
        public void begins(String type) {
            started = true;
            ctx.res().setStatus(200);
            ctx.res().setContentType(type);
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            try {
                ctx.res().getOutputStream().write(buffer, offset, length);
                ctx.res().flushBuffer();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
