package io.synapse.gateway.providers.openai;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads whole answers, and tells answers from errors that come with a status of success. */
final class Answers {
    private Answers() {}

    /**
     * Reads a completion.
     *
     * @param bound how many tokens each choice may have
     */
    static ChatAnswer whole(byte[] json, OpenAiDialect dialect, long bound) throws UpstreamException {
        Map<String, @Nullable Object> body = object(json);
        List<@Nullable Object> choices = Json.asList(body.get("choices"));
        if (choices == null || choices.isEmpty()) {
            throw new UpstreamException(Kind.MALFORMED, "answered with something that is no completion", null);
        }
        ChatUsage usage = usage(body, dialect);
        boolean cutShort = choices.size() == 1 && reaches(usage, bound);
        List<@Nullable Object> read = new ArrayList<>(choices.size());
        for (Object each : choices) {
            Map<String, @Nullable Object> choice = Json.asObject(each);
            if (choice == null) {
                throw new UpstreamException(Kind.MALFORMED, "answered with a choice that is no object", null);
            }
            read.add(new ChoiceReader(dialect).whole(read.size(), choice, cutShort));
        }
        body.put("choices", read);
        return new ChatAnswer(body, usage);
    }

    /** Reads an object that is not an error. */
    static Map<String, @Nullable Object> object(byte[] json) throws UpstreamException {
        try {
            return checked(Json.readObject(json, 0, json.length));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    /** Reads an object that is not an error, with every array of that name as a {@code float[]}. */
    static Map<String, @Nullable Object> vectors(byte[] json, String name) throws UpstreamException {
        try {
            return checked(Json.readVectors(json, name));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    private static Map<String, @Nullable Object> checked(Map<String, @Nullable Object> body) throws UpstreamException {
        throwIfError(body);
        return body;
    }

    /** The same answer as the chunks of a stream. */
    static List<ChatChunk> chunks(ChatAnswer answer) {
        List<ChatChunk> chunks = new ArrayList<>();
        List<@Nullable Object> choices = Json.asList(answer.body().get("choices"));
        for (Object each : choices == null ? List.of() : choices) {
            Map<String, @Nullable Object> choice = Json.asObject(each);
            if (choice == null) {
                continue;
            }
            for (Map<String, @Nullable Object> piece : ChoiceReader.asPieces(choice)) {
                Map<String, @Nullable Object> chunk = new LinkedHashMap<>(answer.body());
                List<@Nullable Object> only = new ArrayList<>(1);
                only.add(piece);
                chunk.put("object", "chat.completion.chunk");
                chunk.put("choices", only);
                chunks.add(new ChatChunk(chunk));
            }
        }
        return chunks;
    }

    /** Whether an answer of one choice had as many tokens as it might. */
    static boolean reaches(@Nullable ChatUsage usage, long bound) {
        return usage != null
                && usage.billed().quantity(Unit.OUTPUT_TOKENS) + usage.billed().quantity(Unit.REASONING_TOKENS)
                        >= bound;
    }

    /** Takes the usage out of an answer or a chunk: from its own place, or from where the dialect puts it. */
    static @Nullable ChatUsage usage(Map<String, @Nullable Object> body, OpenAiDialect dialect) {
        ChatUsage usage = UsageReader.read(body.remove("usage"));
        String envelope = dialect.usageEnvelope();
        if (envelope != null && body.remove(envelope) instanceof Map<?, ?> around && usage == null) {
            usage = UsageReader.read(around.get("usage"));
        }
        return usage;
    }

    /** Throws what an object says, if what it says is an error. */
    static void throwIfError(Map<String, @Nullable Object> body) throws UpstreamException {
        Object error = body.get("error");
        if (error == null && body.get("x_groq") instanceof Map<?, ?> around) {
            error = around.get("error");
        }
        if (error != null && !Boolean.FALSE.equals(error)) {
            throw UpstreamErrors.inside(body.get("error") == null ? Map.of("error", error) : body);
        }
        boolean flat = "error".equals(body.get("object")) || "error".equals(body.get("type"));
        boolean failed = Boolean.FALSE.equals(body.get("success"));
        if (flat || failed) {
            throw UpstreamErrors.inside(body);
        }
    }

    /** A failure that an upstream reports in place of a finish reason, with its own words if it has any. */
    static UpstreamException failure(@Nullable Object error, Kind kind, String otherwise) {
        return error == null
                ? new UpstreamException(kind, otherwise, null)
                : UpstreamErrors.inside(Map.of("error", error));
    }
}
