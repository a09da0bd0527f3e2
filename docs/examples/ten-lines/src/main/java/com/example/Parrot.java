package com.example;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;

// README: provider
/** A provider of one's own: it says what it was told, word by word. */
final class Parrot implements ChatProvider {
    @Override
    public String id() {
        return "parrot";
    }

    @Override
    public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) {
        sink.chunk(ChatChunk.begins(0));
        for (String word : request.messages().getLast().text().split("(?<= )")) {
            sink.chunk(ChatChunk.text(0, word));
        }
        sink.chunk(ChatChunk.ends(0, "stop"));
        return null; // It does not count its tokens, so the gateway does.
    }
}
// README: end
