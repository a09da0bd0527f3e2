package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.SpeechEnd;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import org.jspecify.annotations.Nullable;

/** Speech on the road: the sound is passed on as it is made, and its price is known before, by the character. */
final class SpeechVerb implements Verb<SpeechProvider, SpeechEnd>, SpeechSink {
    private final SpeechRequest request;
    private final SpeechSink sink;
    private final Receiver receiver = new Receiver();
    private boolean begun;

    SpeechVerb(SpeechRequest request, SpeechSink sink) {
        this.request = request;
        this.sink = sink;
    }

    @Override
    public Modality modality() {
        return Modality.TEXT_TO_SPEECH;
    }

    @Override
    public @Nullable String model() {
        return request.model();
    }

    @Override
    public Class<SpeechProvider> capability() {
        return SpeechProvider.class;
    }

    @Override
    public boolean streamed() {
        return true;
    }

    @Override
    public Quote quote(Model model, TokenCounter tokens) {
        return Quote.fixed(model.prices(), used());
    }

    @Override
    public void reserved(Model model, Credits reserved, Credits available, InFlight.Running running) {
        receiver.of(running);
        sink.reserved(reserved, available);
    }

    @Override
    public SpeechEnd ask(SpeechProvider provider, UpstreamCall call) throws UpstreamException {
        return new SpeechEnd(provider.speak(call, request, this));
    }

    @Override
    public void begins(String type) {
        begun = true;
        receiver.pass(() -> sink.begins(type));
    }

    @Override
    public void bytes(byte[] buffer, int offset, int length) {
        receiver.pass(() -> sink.bytes(buffer, offset, length));
    }

    @Override
    public @Nullable Usage reported(SpeechEnd end) {
        return end.usage();
    }

    /** Of sound that the upstream broke off nobody can say how much of the text it holds: it costs nothing. */
    @Override
    public Usage measured(@Nullable SpeechEnd end, TokenCounter tokens, Quote quote) {
        return end != null || receiver.brokeOff() ? used() : Usage.of(Unit.CHARACTERS, 0);
    }

    private Usage used() {
        return Usage.of(Unit.CHARACTERS, request.characters());
    }

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public @Nullable RuntimeException receiverFailure() {
        return receiver.failure();
    }
}
