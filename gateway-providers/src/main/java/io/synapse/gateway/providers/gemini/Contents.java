package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a conversation as {@code systemInstruction} and {@code contents}: turns of one speaker in a row become one, and
 * the results of tools are what the user says. For one request.
 */
final class Contents {
    private static final String USER = "user";
    private static final String MODEL = "model";

    /** What stands for the signature of a call that this upstream has not made, or whose caller has lost it. */
    private static final String NO_SIGNATURE = "skip_thought_signature_validator";

    private static final Map<String, String> SOUNDS = Map.of(
            "wav", "audio/wav",
            "mp3", "audio/mp3",
            "aac", "audio/aac",
            "aiff", "audio/aiff",
            "flac", "audio/flac",
            "ogg", "audio/ogg");

    private final ModelName model;
    private final List<String> instructions = new ArrayList<>();
    private final List<@Nullable Object> turns = new ArrayList<>();
    private final Map<String, String> toolsByCall = new HashMap<>();
    private List<@Nullable Object> parts = new ArrayList<>();
    private String speaker = "";

    private Contents(ModelName model) {
        this.model = model;
    }

    static void write(Map<String, @Nullable Object> body, ChatRequest request, ModelName model)
            throws UpstreamException {
        Contents contents = new Contents(model);
        List<@Nullable Object> raw = Json.asList(request.body().get("messages"));
        for (int i = 0; i < request.messages().size(); i++) {
            Object message = raw == null || i >= raw.size() ? null : raw.get(i);
            contents.message(request.messages().get(i), Json.asObject(message), "messages[" + i + "]");
        }
        contents.finish(body);
    }

    private void message(ChatMessage message, @Nullable Map<String, @Nullable Object> raw, String at)
            throws UpstreamException {
        switch (message.role()) {
            case SYSTEM, DEVELOPER -> {
                String text = text(message, at);
                if (!text.isEmpty()) {
                    instructions.add(text);
                }
            }
            case USER -> say(USER, message, at);
            case ASSISTANT -> {
                say(MODEL, message, at);
                if (raw != null) {
                    refuseUnknown(raw, at);
                    if (raw.get("refusal") instanceof String words) {
                        addText(MODEL, words);
                    }
                }
                toolCalls(raw, at);
            }
            case TOOL -> toolResult(message, at);
            case FUNCTION ->
                throw UpstreamErrors.unsupported(
                        at + ".role", "Messages of the role function are not served by gemini. Use tools.");
        }
    }

    private void finish(Map<String, @Nullable Object> body) throws UpstreamException {
        if (speaker.equals(MODEL) && model.since(3, 5)) {
            throw UpstreamErrors.unsupported(
                    "messages", "The last message must not be the assistant's with this model. Add one of the user.");
        }
        String instruction = String.join("\n\n", instructions);
        if (turns.isEmpty() && !instruction.isEmpty()) {
            // Instructions alone are no conversation to this upstream.
            add(USER, Map.of("text", instruction));
        } else if (!instruction.isEmpty()) {
            body.put("systemInstruction", Map.of("parts", List.of(Map.of("text", instruction))));
        }
        if (turns.isEmpty()) {
            throw UpstreamErrors.rejected("messages", "'messages' must say something.");
        }
        body.put("contents", turns);
    }

    private void add(String role, Map<String, @Nullable Object> part) {
        if (!speaker.equals(role)) {
            speaker = role;
            parts = new ArrayList<>();
            Map<String, @Nullable Object> turn = new LinkedHashMap<>();
            turn.put("role", role);
            turn.put("parts", parts);
            turns.add(turn);
        }
        parts.add(part);
    }

    private void say(String role, ChatMessage message, String at) throws UpstreamException {
        for (int i = 0; i < message.content().size(); i++) {
            String path = at + ".content[" + i + "]";
            switch (message.content().get(i)) {
                case ContentPart.Text text -> addText(role, text.text());
                case ContentPart.Refusal refusal -> addText(role, refusal.text());
                case ContentPart.Image image ->
                    add(role, Inline.part(image.url(), path + ".image_url.url", "a picture"));
                case ContentPart.Audio audio -> add(role, sound(audio, path));
                case ContentPart.File file -> add(role, document(file, path));
            }
        }
    }

    /** Empty parts are refused upstream, and say nothing. */
    private void addText(String role, String text) {
        if (!text.isEmpty()) {
            add(role, Map.of("text", text));
        }
    }

    private static Map<String, @Nullable Object> sound(ContentPart.Audio audio, String path) throws UpstreamException {
        String type = SOUNDS.get(audio.format());
        if (type == null) {
            throw UpstreamErrors.unsupported(
                    path + ".input_audio.format", "gemini does not hear this format. Send wav or mp3.");
        }
        return Inline.part(type, audio.data());
    }

    private static Map<String, @Nullable Object> document(ContentPart.File file, String path) throws UpstreamException {
        String data = file.data();
        if (data == null) {
            throw UpstreamErrors.unsupported(
                    path + ".file", "gemini does not know files by their ids. Send the file itself in 'file_data'.");
        }
        return Inline.part(data, path + ".file.file_data", "a file");
    }

    /** What may hold text alone. */
    private static String text(ChatMessage message, String at) throws UpstreamException {
        for (int i = 0; i < message.content().size(); i++) {
            if (!(message.content().get(i) instanceof ContentPart.Text)) {
                throw UpstreamErrors.unsupported(
                        at + ".content[" + i + "]",
                        "gemini takes nothing but text in messages of this role. Move it to one of the user.");
            }
        }
        return message.text();
    }

    private static void refuseUnknown(Map<String, @Nullable Object> message, String at) throws UpstreamException {
        if (message.get("function_call") != null) {
            throw UpstreamErrors.unsupported(
                    at + ".function_call", "Calls of functions of the older form are not served by gemini. Use tools.");
        }
        if (message.get("audio") != null) {
            throw UpstreamErrors.unsupported(
                    at + ".audio", "gemini does not know what another model said aloud. Send its transcript.");
        }
    }

    private void toolCalls(@Nullable Map<String, @Nullable Object> raw, String at) throws UpstreamException {
        List<@Nullable Object> calls = raw == null ? null : Json.asList(raw.get("tool_calls"));
        for (int i = 0; calls != null && i < calls.size(); i++) {
            String path = at + ".tool_calls[" + i + "]";
            Map<String, @Nullable Object> call = Json.asObject(calls.get(i));
            Map<String, @Nullable Object> function = call == null ? null : Json.asObject(call.get("function"));
            if (call == null || function == null) {
                throw UpstreamErrors.unsupported(path, "gemini calls functions alone. Leave other calls out.");
            }
            String id = String.valueOf(call.get("id"));
            String name = String.valueOf(function.get("name"));
            toolsByCall.put(id, name);
            Map<String, @Nullable Object> written = new LinkedHashMap<>();
            written.put("id", id);
            written.put("name", name);
            written.put("args", arguments(function.get("arguments"), path + ".function.arguments"));
            Map<String, @Nullable Object> part = new LinkedHashMap<>();
            part.put("functionCall", written);
            String signature = ToolCalls.signature(call);
            if (signature != null) {
                part.put("thoughtSignature", signature);
            } else if (i == 0 && model.since(3, 0)) {
                // Only the first of several calls carries one, and is refused without it.
                part.put("thoughtSignature", NO_SIGNATURE);
            }
            add(MODEL, part);
        }
    }

    private static Map<String, @Nullable Object> arguments(@Nullable Object json, String path)
            throws UpstreamException {
        if (!(json instanceof String text) || text.isBlank()) {
            return Map.of();
        }
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return Json.readObject(bytes, 0, bytes.length);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.unsupported(path, "'" + path + "' must be a JSON object for gemini.");
        }
    }

    private void toolResult(ChatMessage message, String at) throws UpstreamException {
        String id = String.valueOf(message.toolCallId());
        String name = toolsByCall.get(id);
        if (name == null) {
            throw UpstreamErrors.rejected(
                    at + ".tool_call_id", "'" + at + ".tool_call_id' must be the id of a tool call before it.");
        }
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("id", id);
        result.put("name", name);
        result.put("response", Map.of("output", text(message, at)));
        add(USER, Map.of("functionResponse", result));
    }
}
