package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.synapse.gateway.Admission;
import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatEnd;
import io.synapse.gateway.chat.ChatRequest;

/** {@code POST /chat/completions}, whole and streamed. */
final class ChatHandler implements Handler {
    /** Pictures come in the body, as base64. */
    private static final int MOST_BYTES = 25 * 1024 * 1024;

    private final Gateway gateway;
    private final KeepAlive keepAlive;

    ChatHandler(Gateway gateway, KeepAlive keepAlive) {
        this.gateway = gateway;
        this.keepAlive = keepAlive;
    }

    @Override
    public void handle(Context ctx) {
        Exchange exchange = Exchange.of(ctx);
        Admission admission = exchange.admit(gateway);
        ChatRequest request = ChatRequest.of(RequestBody.json(ctx, MOST_BYTES));
        if (request.stream()) {
            stream(ctx, exchange, admission, request);
        } else {
            Answered<ChatAnswer> answered = gateway.chat(admission, request);
            exchange.creditHeaders(answered.receipt());
            ChatWire wire = ChatWire.of(answered.receipt().model().id());
            exchange.json(200, wire.answer(answered.answer(), answered.receipt()));
        }
    }

    private void stream(Context ctx, Exchange exchange, Admission admission, ChatRequest request) {
        EventStream out = new EventStream(ctx, exchange, request.includeUsage());
        keepAlive.watch(out);
        try {
            Answered<ChatEnd> answered = gateway.chat(admission, request, out);
            out.finish(answered.answer().usage(), answered.receipt());
        } catch (RuntimeException e) {
            if (!out.started()) {
                throw e;
            }
            out.fail(ApiError.of(Gateway.errorOf(e)));
        } finally {
            keepAlive.leave(out);
        }
    }
}
