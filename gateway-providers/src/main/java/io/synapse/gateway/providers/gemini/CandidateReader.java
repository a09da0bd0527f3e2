package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes one candidate of an answer on as OpenAI's choice, piece by piece. For one thread. */
final class CandidateReader {
    private static final String STOP = "stop";
    private static final String FILTERED = "content_filter";

    private static final Map<String, String> ENDS = Map.ofEntries(
            Map.entry("STOP", STOP),
            Map.entry("MAX_TOKENS", "length"),
            Map.entry("SAFETY", FILTERED),
            Map.entry("RECITATION", FILTERED),
            Map.entry("LANGUAGE", FILTERED),
            Map.entry("BLOCKLIST", FILTERED),
            Map.entry("PROHIBITED_CONTENT", FILTERED),
            Map.entry("SPII", FILTERED),
            Map.entry("IMAGE_SAFETY", FILTERED),
            Map.entry("IMAGE_PROHIBITED_CONTENT", FILTERED),
            Map.entry("IMAGE_RECITATION", FILTERED),
            Map.entry("IMAGE_OTHER", FILTERED));

    /** The model's own failures. What it had said by then may do; what it had called may not. */
    private static final Set<String> FAILURES = Set.of(
            "OTHER",
            "MALFORMED_FUNCTION_CALL",
            "MALFORMED_RESPONSE",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
            "NO_IMAGE");

    private final int index;
    private final ChatSink sink;
    private @Nullable String reason;
    private boolean seen;
    private boolean begun;
    private boolean said;
    private int calls;

    CandidateReader(int index, ChatSink sink) {
        this.index = index;
        this.sink = sink;
    }

    /** Whether there is anything of it. */
    boolean seen() {
        return seen;
    }

    /** Whether the upstream has said why it ended. */
    boolean finished() {
        return reason != null;
    }

    /** Passes on what a candidate of a chunk says. */
    void read(Map<String, @Nullable Object> candidate) throws UpstreamException {
        seen = true;
        Map<String, @Nullable Object> content = Json.asObject(candidate.get("content"));
        List<@Nullable Object> parts = content == null ? null : Json.asList(content.get("parts"));
        if (parts != null) {
            for (Object each : parts) {
                Map<String, @Nullable Object> part = Json.asObject(each);
                if (part == null) {
                    throw UpstreamErrors.malformed("answered with a part that is no object", null);
                }
                part(part);
            }
        }
        if (candidate.get("finishReason") instanceof String word && !word.isEmpty()) {
            reason = word;
        }
    }

    /** Passes the end on. */
    void end() throws UpstreamException {
        begin();
        sink.chunk(ChatChunk.ends(index, wireReason()));
    }

    /** Passes on that nothing may be said. */
    void blocked() {
        begin();
        sink.chunk(ChatChunk.ends(index, FILTERED));
    }

    private void part(Map<String, @Nullable Object> part) throws UpstreamException {
        if (part.get("text") instanceof String text) {
            text(text, Boolean.TRUE.equals(part.get("thought")));
            return;
        }
        Map<String, @Nullable Object> call = Json.asObject(part.get("functionCall"));
        if (call != null) {
            if (!(call.get("name") instanceof String name) || name.isEmpty()) {
                throw UpstreamErrors.malformed("called a tool without a name", null);
            }
            begin();
            sink.chunk(ToolCalls.chunk(index, calls, call, name, part.get("thoughtSignature")));
            calls++;
        } else if (part.keySet().stream().anyMatch(key -> !key.startsWith("thought"))) {
            throw UpstreamErrors.malformed("answered with a part that is neither text nor the call of a tool", null);
        }
    }

    private void text(String text, boolean thought) {
        if (text.isEmpty()) {
            return;
        }
        begin();
        if (thought) {
            sink.chunk(chunk(index, Map.of("reasoning_content", text)));
        } else {
            said = true;
            sink.chunk(ChatChunk.text(index, text));
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            sink.chunk(ChatChunk.begins(index));
        }
    }

    private String wireReason() throws UpstreamException {
        String word = ENDS.get(reason);
        if (word == null) {
            if (FAILURES.contains(reason) && (!said || calls > 0)) {
                throw new UpstreamException(Kind.FAILED, "gave up on the answer (" + reason + ")", null);
            }
            if (!said && calls == 0) {
                throw UpstreamErrors.malformed("ended an empty answer for a reason nobody knows", null);
            }
            word = STOP;
        }
        if (!word.equals(STOP)) {
            return word;
        }
        if (!said && calls == 0) {
            throw UpstreamErrors.malformed("ended an answer that says nothing", null);
        }
        return calls > 0 ? "tool_calls" : STOP;
    }

    /** A chunk with one piece of one choice. */
    static ChatChunk chunk(int choice, Map<String, @Nullable Object> delta) {
        Map<String, @Nullable Object> whole = new LinkedHashMap<>();
        whole.put("index", choice);
        whole.put("delta", delta);
        whole.put("logprobs", null);
        whole.put("finish_reason", null);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("choices", List.of(whole));
        return new ChatChunk(body);
    }
}
