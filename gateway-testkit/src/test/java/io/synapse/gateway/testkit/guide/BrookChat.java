package io.synapse.gateway.testkit.guide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

// guide: brook
/** Chat by Brook, which answers with a line of JSON for each piece of text. Safe for use by many threads. */
final class BrookChat implements ChatProvider, AutoCloseable {
    private static final Set<String> OWNED = Set.of("model", "turns", "limit");
    private static final List<String> UNKNOWN =
            List.of("tools", "functions", "n", "logprobs", "logit_bias", "stop", "response_format", "modalities");
    private final Upstream upstream;

    BrookChat(URI address, String key) {
        this.upstream = new Upstream(address, key);
    }

    @Override
    public String id() {
        return "brook";
    }

    @Override
    public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        for (String field : UNKNOWN) {
            if (request.body().get(field) != null) {
                throw Upstream.unsupported(field);
            }
        }
        ObjectNode body = Upstream.JSON.createObjectNode().put("model", call.model());
        ArrayNode turns = body.putArray("turns");
        for (ChatMessage message : request.messages()) {
            if (!message.content().stream().allMatch(ContentPart.Text.class::isInstance)) {
                throw Upstream.unsupported("messages");
            }
            turns.addObject().put("by", message.role().wireName()).put("text", message.text());
        }
        bound(call, request).ifPresent(most -> body.put("limit", most));
        Upstream.merge(body, id(), request.providerOptions(id()), OWNED);
        HttpRequest question = upstream.to("/converse")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();

        Answer answer = new Answer(sink);
        upstream.stream(call, question, answer::read);
        return answer.usage;
    }

    /** The reservation covers the gateway's bound and no more, whatever the caller asks for. */
    private static OptionalLong bound(UpstreamCall call, ChatRequest request) {
        OptionalLong own = request.maxTokens();
        OptionalLong most = call.maxOutputTokens();
        return own.isPresent() && most.isPresent()
                ? OptionalLong.of(Math.min(own.getAsLong(), most.getAsLong()))
                : own.isPresent() ? own : most;
    }

    /** An answer being read: {@code {"say":"Hel"}} lines, and a last one, {@code {"end":"stop","read":3,"said":2}}. */
    private static final class Answer {
        private final ChatSink sink;
        private boolean begun;
        private boolean ended;
        private ChatUsage usage;

        Answer(ChatSink sink) {
            this.sink = sink;
        }

        void read(InputStream body) throws IOException, UpstreamException {
            BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read(Upstream.json(line));
            }
            if (!ended) {
                throw new IOException("broke off before its last line");
            }
        }

        private void read(JsonNode line) throws UpstreamException {
            if (line.has("error")) {
                throw new UpstreamException(
                        Kind.FAILED, "broke off: " + line.path("error").asText(), null);
            }
            if (!line.path("say").isTextual() && !line.path("end").isTextual()) {
                throw Upstream.malformed("answered with a line that says nothing");
            }
            if (!begun) {
                begun = true;
                sink.chunk(ChatChunk.begins(0));
            }
            if (line.has("say")) {
                sink.chunk(ChatChunk.text(0, line.get("say").asText()));
                return;
            }
            ended = true;
            sink.chunk(ChatChunk.ends(0, line.get("end").asText().equals("limit") ? "length" : "stop"));
            if (line.has("read") && line.has("said")) {
                usage = ChatUsage.of(Usage.of(
                        Unit.INPUT_TOKENS, line.get("read").asLong(),
                        Unit.OUTPUT_TOKENS, line.get("said").asLong()));
            }
        }
    }

    @Override
    public void close() {
        upstream.close();
    }
}
// guide: end
