package io.synapse.gateway.http;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code POST /audio/speech}: the sound is sent on as it arrives. */
final class SpeechHandler implements ApiEndpoint {
    static final int MOST_BYTES = 1024 * 1024;

    private final Gateway gateway;

    SpeechHandler(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void answer(ApiCall call) {
        SpeechRequest request = SpeechRequest.of(call.body().json());
        Sound sound = new Sound(call);
        try {
            gateway.speak(call.admission(), request, sound);
        } catch (RuntimeException e) {
            Reply begun = sound.reply;
            if (begun != null) {
                // The status is out; only a connection that breaks tells that the sound is not whole.
                begun.breakOff();
            }
            throw e;
        }
    }

    /** The response's body. What a character costs is known before, so the reservation is the price. */
    private static final class Sound implements SpeechSink {
        private final ApiCall call;
        private @Nullable Reply reply;

        Sound(ApiCall call) {
            this.call = call;
        }

        @Override
        public void reserved(Credits reserved, Credits available) {
            call.creditHeaders(reserved, available);
        }

        @Override
        public void begins(String type) {
            reply = call.begin(type);
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            Objects.requireNonNull(reply).write(buffer, offset, length);
        }
    }
}
