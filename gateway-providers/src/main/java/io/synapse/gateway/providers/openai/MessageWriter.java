package io.synapse.gateway.providers.openai;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applies a dialect's deviations to the messages of a request; leaves them as they are where there is none. */
final class MessageWriter {
    /** What a message says without: who of several spoke, and where the words came from. */
    private static final Set<String> HINTS = Set.of("name", "annotations");

    private static final String CONTENT = "content";
    private static final String REFUSAL = "refusal";

    private final String provider;
    private final OpenAiDialect dialect;

    MessageWriter(String provider, OpenAiDialect dialect) {
        this.provider = provider;
        this.dialect = dialect;
    }

    @Nullable
    List<@Nullable Object> write(@Nullable List<@Nullable Object> messages) throws UpstreamException {
        if (messages == null) {
            return null;
        }
        List<@Nullable Object> written = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            Map<String, @Nullable Object> message = Json.asObject(messages.get(i));
            written.add(message == null ? messages.get(i) : message(message, i));
        }
        return written;
    }

    private Map<String, @Nullable Object> message(Map<String, @Nullable Object> message, int index)
            throws UpstreamException {
        if (!dialect.imageUrls()) {
            refuseImageUrls(message, index);
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(message);
        if (!dialect.developerRole() && "developer".equals(copy.get("role"))) {
            copy.put("role", "system");
        }
        for (String field : dialect.droppedFromMessages()) {
            drop(copy, field, index);
        }
        if (dialect.plainContent()) {
            copy.put(CONTENT, plain(copy.get(CONTENT)));
        }
        if (dialect.shortToolCallIds()) {
            shortenToolCallIds(copy);
        }
        return copy;
    }

    /** What was said or done must not be lost with the field that held it. */
    private void drop(Map<String, @Nullable Object> message, String field, int index) throws UpstreamException {
        Object value = message.remove(field);
        if (field.equals(REFUSAL)) {
            sayRefusal(message, value);
        } else if (value != null && !HINTS.contains(field)) {
            throw UpstreamErrors.unsupported(
                    "messages[" + index + "]." + field,
                    provider + " has no '" + field + "' in messages. Leave it out, or choose another model.");
        }
    }

    /** A refusal is what the model said. */
    private static void sayRefusal(Map<String, @Nullable Object> message, @Nullable Object refusal) {
        if (message.get(CONTENT) == null && refusal != null) {
            message.put(CONTENT, refusal);
        }
        List<@Nullable Object> parts = Json.asList(message.get(CONTENT));
        if (parts == null) {
            return;
        }
        List<@Nullable Object> said = new ArrayList<>(parts.size());
        for (Object part : parts) {
            said.add(
                    part instanceof Map<?, ?> map && map.get(REFUSAL) instanceof String words
                            ? Map.of("type", "text", "text", words)
                            : part);
        }
        message.put(CONTENT, said);
    }

    /** The texts of a content joined, if there is nothing else in it; nothing said is an empty text. */
    private static Object plain(@Nullable Object content) {
        if (!(content instanceof List<?> parts)) {
            return content == null ? "" : content;
        }
        List<String> texts = new ArrayList<>(parts.size());
        for (Object each : parts) {
            if (!(each instanceof Map<?, ?> part) || !(part.get("text") instanceof String text)) {
                return content;
            }
            texts.add(text);
        }
        return String.join("\n", texts);
    }

    private void refuseImageUrls(Map<String, @Nullable Object> message, int index) throws UpstreamException {
        if (!(message.get(CONTENT) instanceof List<?> parts)) {
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Map<?, ?> part
                    && part.get("image_url") instanceof Map<?, ?> image
                    && image.get("url") instanceof String url
                    && !url.startsWith("data:")) {
                throw UpstreamErrors.unsupported(
                        "messages[" + index + "].content[" + i + "].image_url.url",
                        provider + " does not take the URL of a picture. Send the picture itself,"
                                + " as a data:image/…;base64,… URI.");
            }
        }
    }

    private static void shortenToolCallIds(Map<String, @Nullable Object> message) {
        if (message.get("tool_call_id") instanceof String id) {
            message.put("tool_call_id", ToolCallIds.shortened(id));
        }
        List<@Nullable Object> calls = Json.asList(message.get("tool_calls"));
        if (calls == null) {
            return;
        }
        List<@Nullable Object> shortened = new ArrayList<>(calls.size());
        for (Object each : calls) {
            Map<String, @Nullable Object> call = Json.asObject(each);
            if (call != null && call.get("id") instanceof String id) {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>(call);
                copy.put("id", ToolCallIds.shortened(id));
                shortened.add(copy);
            } else {
                shortened.add(each);
            }
        }
        message.put("tool_calls", shortened);
    }
}
