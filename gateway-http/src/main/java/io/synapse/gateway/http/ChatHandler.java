package io.synapse.gateway.http;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatEnd;
import io.synapse.gateway.chat.ChatRequest;

/** {@code POST /chat/completions}, whole and streamed. */
final class ChatHandler implements ApiEndpoint {
    /** Pictures come in the body, as base64. */
    static final int MOST_BYTES = 25 * 1024 * 1024;

    private final Gateway gateway;
    private final KeepAlive keepAlive;

    ChatHandler(Gateway gateway, KeepAlive keepAlive) {
        this.gateway = gateway;
        this.keepAlive = keepAlive;
    }

    @Override
    public void answer(ApiCall call) {
        ChatRequest request = ChatRequest.of(call.body().json());
        if (request.stream()) {
            stream(call, request);
        } else {
            Answered<ChatAnswer> answered = gateway.chat(call.admission(), request);
            call.creditHeaders(answered.receipt());
            ChatWire wire = ChatWire.of(answered.receipt().model().id());
            call.json(wire.answer(answered.answer(), answered.receipt()));
        }
    }

    private void stream(ApiCall call, ChatRequest request) {
        EventStream out = new EventStream(call, request.includeUsage());
        keepAlive.watch(out);
        try {
            Answered<ChatEnd> answered = gateway.chat(call.admission(), request, out);
            out.finish(answered.answer().usage(), answered.receipt());
        } catch (RuntimeException e) {
            if (out.endsUnbegun()) {
                throw e;
            }
            out.fail(ApiError.of(Gateway.errorOf(e)));
        } finally {
            keepAlive.leave(out);
        }
    }
}
