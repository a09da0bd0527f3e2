package io.synapse.gateway.providers.openai;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings one choice of an answer into OpenAI's exact form, piece by piece or whole: what it says, the tools it calls and
 * why it ended. Changes what it is given. For one thread.
 */
final class ChoiceReader {
    private final OpenAiDialect dialect;
    private final ToolCallPieces toolCalls = new ToolCallPieces();
    private boolean started;
    private boolean finished;
    private boolean saidSomething;
    private boolean callsFunction;

    ChoiceReader(OpenAiDialect dialect) {
        this.dialect = dialect;
    }

    boolean finished() {
        return finished;
    }

    /** Reads a piece of a streamed choice; null if there is nothing in it to pass on. */
    @Nullable
    Map<String, @Nullable Object> piece(int index, Map<String, @Nullable Object> choice) throws UpstreamException {
        Map<String, @Nullable Object> delta = Json.asObject(choice.get("delta"));
        if (delta == null) {
            delta = new LinkedHashMap<>();
        }
        boolean says = content(delta);
        toolCalls.read(delta);
        String reason = finishReason(choice);
        if (finished) {
            // Some repeat the end, with the usage for instance.
            if (says) {
                throw new UpstreamException(Kind.MALFORMED, "went on after the end of a choice", null);
            }
            return null;
        }
        choice.put("index", index);
        choice.put("delta", started ? withoutRole(delta) : withRole(delta));
        choice.put("finish_reason", reason);
        started = true;
        finished = reason != null;
        return choice;
    }

    /**
     * Reads a whole choice.
     *
     * @param cutShort whether it came to the bound on its tokens, which tells the reason where the upstream does not
     */
    Map<String, @Nullable Object> whole(int index, Map<String, @Nullable Object> choice, boolean cutShort)
            throws UpstreamException {
        Map<String, @Nullable Object> message = Json.asObject(choice.get("message"));
        if (message == null) {
            throw new UpstreamException(Kind.MALFORMED, "answered with a choice that holds no message", null);
        }
        content(message);
        toolCalls.read(message);
        String reason = finishReason(choice);
        message.put("role", "assistant");
        message.putIfAbsent("content", null);
        message.putIfAbsent("refusal", null);
        choice.put("index", index);
        choice.put("message", message);
        choice.putIfAbsent("logprobs", null);
        choice.put("finish_reason", reason == null ? endOfSilence(cutShort) : reason);
        return choice;
    }

    /** The reason of a choice whose upstream gives none. */
    String endOfSilence(boolean cutShort) {
        finished = true;
        if (toolCalls.any()) {
            return Finish.TOOL_CALLS.wireName();
        }
        if (callsFunction) {
            return Finish.FUNCTION_CALL.wireName();
        }
        return (cutShort ? Finish.LENGTH : Finish.STOP).wireName();
    }

    private static Map<String, @Nullable Object> withRole(Map<String, @Nullable Object> delta) {
        if ("assistant".equals(delta.get("role"))) {
            return delta;
        }
        Map<String, @Nullable Object> first = new LinkedHashMap<>();
        first.put("role", "assistant");
        first.putAll(delta);
        first.put("role", "assistant");
        return first;
    }

    /** Clients join the strings of all pieces, so a role that is repeated would read "assistantassistant". */
    private static Map<String, @Nullable Object> withoutRole(Map<String, @Nullable Object> delta) {
        delta.remove("role");
        return delta;
    }

    /** Makes the content a string or null, and notes whether anything was said. */
    private boolean content(Map<String, @Nullable Object> said) throws UpstreamException {
        Object content = said.get("content");
        if (content instanceof List<?> parts) {
            joinParts(said, parts);
            content = said.get("content");
        } else if (content instanceof Map<?, ?> object && dialect.plainContent()) {
            content = new String(Json.write(object), StandardCharsets.UTF_8);
            said.put("content", content);
        } else if (content != null && !(content instanceof String)) {
            throw new UpstreamException(Kind.MALFORMED, "answered with a content that is no text", null);
        }
        callsFunction |= said.get("function_call") != null;
        boolean says = content instanceof String text && !text.isEmpty();
        saidSomething |= says
                || isText(said.get("refusal"))
                || isText(said.get("reasoning_content"))
                || isText(said.get("reasoning"))
                || said.get("audio") != null;
        return says;
    }

    private static boolean isText(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty();
    }

    /** Mistral: a list of parts, of which those that think stand where other upstreams put their reasoning. */
    private static void joinParts(Map<String, @Nullable Object> said, List<?> parts) {
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        for (Object each : parts) {
            Map<String, @Nullable Object> part = Json.asObject(each);
            if (part == null) {
                continue;
            }
            if (part.get("text") instanceof String words) {
                text.append(words);
            } else if (part.get("thinking") instanceof List<?> thoughts) {
                for (Object thought : thoughts) {
                    if (thought instanceof Map<?, ?> map && map.get("text") instanceof String words) {
                        thinking.append(words);
                    }
                }
            } else if (part.get("thinking") instanceof String words) {
                thinking.append(words);
            }
        }
        said.put("content", text.toString());
        if (!thinking.isEmpty()) {
            said.putIfAbsent("reasoning_content", thinking.toString());
        }
    }

    private @Nullable String finishReason(Map<String, @Nullable Object> choice) throws UpstreamException {
        Object given = choice.get("finish_reason");
        if (!(given instanceof String word) || word.isEmpty()) {
            return null;
        }
        Finish finish = Finish.of(word, dialect.finishReasons());
        if (finish == null) {
            if (!saidSomething && !toolCalls.any() && !callsFunction) {
                throw new UpstreamException(Kind.MALFORMED, "ended an empty answer for a reason nobody knows", null);
            }
            finish = Finish.STOP;
        }
        Kind failure = finish.failure();
        if (failure != null) {
            throw Answers.failure(choice.get("error"), failure, "ended the answer with '" + finish.wireName() + "'");
        }
        return (finish == Finish.STOP && toolCalls.any() ? Finish.TOOL_CALLS : finish).wireName();
    }

    /** A message as the pieces of a stream: one with all it says, whose tool calls are numbered, and one that ends it. */
    static List<Map<String, @Nullable Object>> asPieces(Map<String, @Nullable Object> choice) {
        Map<String, @Nullable Object> first = new LinkedHashMap<>(choice);
        Map<String, @Nullable Object> delta = Json.asObject(first.remove("message"));
        first.put("delta", delta);
        first.put("finish_reason", null);
        List<@Nullable Object> calls = delta == null ? null : Json.asList(delta.get("tool_calls"));
        if (calls != null) {
            for (int i = 0; i < calls.size(); i++) {
                Map<String, @Nullable Object> call = Json.asObject(calls.get(i));
                if (call != null) {
                    call.put("index", i);
                }
            }
        }
        Map<String, @Nullable Object> last = new LinkedHashMap<>();
        last.put("index", choice.get("index"));
        last.put("delta", new LinkedHashMap<>());
        last.put("logprobs", null);
        last.put("finish_reason", choice.get("finish_reason"));
        List<Map<String, @Nullable Object>> pieces = new ArrayList<>(2);
        pieces.add(first);
        pieces.add(last);
        return pieces;
    }
}
