package io.synapse.gateway;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.PictureSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the pictures that a chat names by URL into the request itself, as data URIs. */
final class InlinePictures {
    /** The most bytes of all pictures of a request that are fetched for it. */
    private static final long MOST_BYTES = 50L * 1024 * 1024;

    private final PictureSource source;
    private boolean changed;
    private long bytes;

    private InlinePictures(PictureSource source) {
        this.source = source;
    }

    /** The request with its pictures inside; the same one if it names none by URL. */
    static ChatRequest of(ChatRequest request, PictureSource source) {
        InlinePictures pictures = new InlinePictures(source);
        Map<String, @Nullable Object> body = new LinkedHashMap<>(request.body());
        body.computeIfPresent("messages", (name, messages) -> pictures.within(messages, name));
        return pictures.changed ? ChatRequest.of(body) : request;
    }

    private @Nullable Object within(@Nullable Object value, String path) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            for (int i = 0; i < list.size(); i++) {
                copy.add(within(list.get(i), path + "[" + i + "]"));
            }
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            boolean picture = "image_url".equals(map.get("type"));
            Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(
                    key,
                    picture && "image_url".equals(key)
                            ? inline(inner, path + ".image_url")
                            : inner instanceof List<?> ? within(inner, path + "." + key) : inner));
            return copy;
        }
        return value;
    }

    private @Nullable Object inline(@Nullable Object image, String path) {
        if (!(image instanceof Map<?, ?> map)
                || !(map.get("url") instanceof String url)
                || !url.regionMatches(true, 0, "http", 0, 4)) {
            return image;
        }
        Media media = source.fetch(path + ".url", url);
        changed = true;
        bytes += media.bytes().length;
        if (bytes > MOST_BYTES) {
            throw new InvalidRequestException(
                    path + ".url",
                    "'" + path + ".url' is one picture too many: those of a request that are named by URL may have "
                            + MOST_BYTES / (1024 * 1024) + " MB together.");
        }
        Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>(map);
        copy.put(
                "url", "data:" + media.type() + ";base64," + Base64.getEncoder().encodeToString(media.bytes()));
        return copy;
    }
}
