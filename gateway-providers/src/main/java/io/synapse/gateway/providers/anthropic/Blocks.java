package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of a message as content blocks. Texts of nothing but blanks are left out: Anthropic refuses them. */
final class Blocks {
    private static final Set<String> PICTURES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    /** Base64 of more bytes than it takes to know a picture by. */
    private static final int ENOUGH_TO_KNOW = 32;

    private Blocks() {}

    /** Bytes within a request. */
    private record DataUri(String type, String base64) {
        /** Reads one; null if it is none in base64. */
        static @Nullable DataUri of(String uri) {
            int comma = uri.indexOf(',');
            String head = comma < 0 ? "" : uri.substring(0, comma);
            if (!head.startsWith("data:") || !head.endsWith(";base64")) {
                return null;
            }
            int end = head.indexOf(';');
            return new DataUri(head.substring("data:".length(), end), uri.substring(comma + 1));
        }
    }

    /** Everything that a message says. */
    static List<Map<String, @Nullable Object>> of(ChatMessage message, Map<String, @Nullable Object> raw, String path)
            throws UpstreamException {
        List<@Nullable Object> rawParts = Json.asList(raw.get("content"));
        List<Map<String, @Nullable Object>> blocks =
                new ArrayList<>(message.content().size());
        for (int i = 0; i < message.content().size(); i++) {
            String place = rawParts == null ? path + ".content" : path + ".content[" + i + "]";
            Map<String, @Nullable Object> block = block(message.content().get(i), place);
            if (block == null) {
                continue;
            }
            Map<String, @Nullable Object> rawPart = rawParts == null ? raw : Json.asObject(rawParts.get(i));
            if (rawPart != null) {
                CacheMark.copy(rawPart, block, place);
            }
            blocks.add(block);
        }
        return blocks;
    }

    /** What a message says that may hold text alone. */
    static List<Map<String, @Nullable Object>> texts(
            ChatMessage message, Map<String, @Nullable Object> raw, String path) throws UpstreamException {
        for (int i = 0; i < message.content().size(); i++) {
            ContentPart part = message.content().get(i);
            if (!(part instanceof ContentPart.Text || part instanceof ContentPart.Refusal)) {
                throw UpstreamErrors.unsupported(
                        path + ".content[" + i + "]",
                        "Anthropic takes text only from the " + message.role().wireName()
                                + ". Put it into a user message.");
            }
        }
        return of(message, raw, path);
    }

    /** Takes the blanks from the end of words that the model is to continue: it refuses them. */
    static void stripEnd(List<Map<String, @Nullable Object>> blocks) {
        Map<String, @Nullable Object> last = blocks.getLast();
        if (last.get("text") instanceof String text) {
            last.put("text", text.stripTrailing());
        }
    }

    private static @Nullable Map<String, @Nullable Object> block(ContentPart part, String path)
            throws UpstreamException {
        return switch (part) {
            case ContentPart.Text text -> text.text().isBlank() ? null : text(text.text());
            case ContentPart.Refusal refusal -> refusal.text().isBlank() ? null : text(refusal.text());
            case ContentPart.Image image -> image(image.url(), path + ".image_url.url");
            case ContentPart.File file -> document(file, path + ".file");
            case ContentPart.Audio audio ->
                throw UpstreamErrors.unsupported(
                        path + ".input_audio", "Anthropic does not hear. Choose a model of another provider.");
        };
    }

    static Map<String, @Nullable Object> text(String words) {
        Map<String, @Nullable Object> block = new LinkedHashMap<>();
        block.put("type", "text");
        block.put("text", words);
        return block;
    }

    private static Map<String, @Nullable Object> image(String url, String path) throws UpstreamException {
        Map<String, @Nullable Object> block = new LinkedHashMap<>();
        block.put("type", "image");
        if (!url.startsWith("data:")) {
            block.put("source", Map.of("type", "url", "url", url));
            return block;
        }
        DataUri data = DataUri.of(url);
        if (data == null) {
            throw UpstreamErrors.rejected(path, "'" + path + "' must be a data:image/…;base64,… URI.");
        }
        block.put("source", source(pictureType(data, path), data.base64()));
        return block;
    }

    /** By the picture's first bytes: Anthropic refuses one whose type is said wrongly. */
    private static String pictureType(DataUri data, String path) throws UpstreamException {
        int known = Math.min(ENOUGH_TO_KNOW, data.base64().length() & ~3);
        String type;
        try {
            type = Pictures.type(Base64.getDecoder().decode(data.base64().substring(0, known)), data.type());
        } catch (IllegalArgumentException e) {
            throw UpstreamErrors.rejected(path, "'" + path + "' must hold a picture in base64.");
        }
        if (type == null || !PICTURES.contains(type)) {
            throw UpstreamErrors.unsupported(
                    path, "Anthropic takes JPEG, PNG, GIF and WebP only. Convert the picture.");
        }
        return type;
    }

    private static Map<String, @Nullable Object> document(ContentPart.File file, String path) throws UpstreamException {
        DataUri data = file.data() == null ? null : DataUri.of(file.data());
        Map<String, @Nullable Object> block = new LinkedHashMap<>();
        block.put("type", "document");
        if (data != null && data.type().equals("application/pdf")) {
            block.put("source", source(data.type(), data.base64()));
        } else if (data != null && data.type().equals("text/plain")) {
            Map<String, @Nullable Object> source = new LinkedHashMap<>();
            source.put("type", "text");
            source.put("media_type", "text/plain");
            source.put("data", decoded(data, path));
            block.put("source", source);
        } else {
            throw UpstreamErrors.unsupported(
                    path, "Anthropic takes PDF and plain text, as 'file_data' with a data:…;base64,… URI, only.");
        }
        if (file.filename() != null) {
            block.put("title", file.filename());
        }
        return block;
    }

    private static String decoded(DataUri data, String path) throws UpstreamException {
        try {
            return new String(Base64.getDecoder().decode(data.base64()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw UpstreamErrors.rejected(path + ".file_data", "'" + path + ".file_data' must hold base64.");
        }
    }

    private static Map<String, @Nullable Object> source(String type, String base64) {
        Map<String, @Nullable Object> source = new LinkedHashMap<>();
        source.put("type", "base64");
        source.put("media_type", type);
        source.put("data", base64);
        return source;
    }
}
