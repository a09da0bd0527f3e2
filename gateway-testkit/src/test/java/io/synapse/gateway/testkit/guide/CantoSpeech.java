package io.synapse.gateway.testkit.guide;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Set;

// guide: canto
/** Speech by Canto, which answers with MP3 while it speaks. Safe for use by many threads. */
final class CantoSpeech implements SpeechProvider, AutoCloseable {
    private static final Set<String> OWNED = Set.of("model", "text", "format");
    private final Upstream upstream;

    CantoSpeech(URI address, String key) {
        this.upstream = new Upstream(address, key);
    }

    @Override
    public String id() {
        return "canto";
    }

    @Override
    public Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        if (request.format() != null && !request.format().equals("mp3")) {
            throw Upstream.unsupported("response_format");
        }
        if (request.instructions() != null) {
            throw Upstream.unsupported("instructions");
        }
        ObjectNode body =
                Upstream.JSON.createObjectNode().put("model", call.model()).put("text", request.input());
        if (request.voice() != null) {
            body.put("singer", request.voice());
        }
        if (request.speed() != null) {
            body.put("tempo", request.speed());
        }
        Upstream.merge(body, id(), request.providerOptions(id()), OWNED);
        HttpRequest question = upstream.to("/sing")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();

        upstream.stream(call, question, sound -> {
            byte[] buffer = new byte[16 * 1024];
            int count = sound.read(buffer);
            // Every MP3 begins with one of these; JSON, a page or nothing at all does not.
            if (count < 2 || !((buffer[0] == 'I' && buffer[1] == 'D') || buffer[0] == -1)) {
                throw Upstream.malformed("answered with something that is no sound");
            }
            sink.begins("audio/mpeg");
            for (; count >= 0; count = sound.read(buffer)) {
                sink.bytes(buffer, 0, count);
            }
        });
        return null;
    }

    @Override
    public void close() {
        upstream.close();
    }
}
// guide: end
