package io.synapse.gateway.providers.openai;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tool calls of one choice in order: numbered from 0 without gaps, each beginning with an id, a type and a name
 * that are not repeated later, their arguments a string. Upstreams leave numbers and ids out, number from 1, give several
 * calls the same number, or repeat what they said before. For one thread.
 */
final class ToolCallPieces {
    private static final int MOST_CALLS = 1_000;

    private final List<Call> calls = new ArrayList<>(2);

    private static final class Call {
        private @Nullable String upstreamId;
        private @Nullable Object upstreamIndex;
        private boolean named;
    }

    boolean any() {
        return !calls.isEmpty();
    }

    /** Puts the calls within a delta or a message in order; takes an empty list of them out. */
    void read(Map<String, @Nullable Object> said) throws UpstreamException {
        if (!said.containsKey("tool_calls")) {
            return;
        }
        List<@Nullable Object> pieces = Json.asList(said.get("tool_calls"));
        if (pieces == null || pieces.isEmpty()) {
            said.remove("tool_calls");
            return;
        }
        for (Object piece : pieces) {
            Map<String, @Nullable Object> call = Json.asObject(piece);
            if (call == null) {
                throw new UpstreamException(Kind.MALFORMED, "answered with a tool call that is no object", null);
            }
            piece(call);
        }
    }

    private void piece(Map<String, @Nullable Object> piece) throws UpstreamException {
        String id = piece.get("id") instanceof String given && !given.isEmpty() ? given : null;
        int known = find(id, piece.get("index"), nameOf(piece) != null);
        boolean begins = known < 0;
        if (begins) {
            if (calls.size() >= MOST_CALLS) {
                throw new UpstreamException(Kind.MALFORMED, "answered with too many tool calls", null);
            }
            known = calls.size();
            calls.add(new Call());
        }
        Call call = calls.get(known);
        if (id != null) {
            call.upstreamId = id;
        }
        if (piece.get("index") != null) {
            call.upstreamIndex = piece.get("index");
        }
        piece.put("index", known);
        if (begins) {
            begin(piece, id);
        } else {
            piece.remove("id");
            piece.remove("type");
        }
        function(piece, call, begins);
    }

    /** Which call a piece belongs to; -1 if it begins one. */
    private int find(@Nullable String id, @Nullable Object index, boolean named) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            if (id != null && id.equals(call.upstreamId)) {
                return i;
            }
            boolean sameIndex = index == null || index.equals(call.upstreamIndex);
            // With an id of its own, or a second name, it is another call that was given the same number.
            boolean another =
                    (id != null && call.upstreamId != null) || (id == null && index == null && named && call.named);
            if (sameIndex && !another) {
                return i;
            }
        }
        return -1;
    }

    private static void begin(Map<String, @Nullable Object> piece, @Nullable String id) {
        if (id == null) {
            piece.put("id", ToolCallIds.fresh());
        }
        if (!(piece.get("type") instanceof String type) || type.isEmpty()) {
            piece.put("type", piece.get("custom") == null ? "function" : "custom");
        }
        if (piece.get("function") == null && piece.get("custom") == null) {
            piece.put("function", new LinkedHashMap<>());
        }
    }

    private static void function(Map<String, @Nullable Object> piece, Call call, boolean begins) {
        Map<String, @Nullable Object> function = Json.asObject(piece.get("function"));
        if (function == null) {
            return;
        }
        Object arguments = function.get("arguments");
        if (arguments != null && !(arguments instanceof String)) {
            function.put("arguments", new String(Json.write(arguments), StandardCharsets.UTF_8));
        } else if (arguments == null && begins) {
            function.put("arguments", "");
        }
        if (function.get("name") != null && call.named) {
            function.remove("name");
        }
        Iterator<@Nullable Object> values = function.values().iterator();
        while (values.hasNext()) {
            if (values.next() == null) {
                values.remove();
            }
        }
        call.named |= function.get("name") != null;
    }

    private static @Nullable Object nameOf(Map<String, @Nullable Object> piece) {
        return piece.get("function") instanceof Map<?, ?> function ? function.get("name") : null;
    }
}
