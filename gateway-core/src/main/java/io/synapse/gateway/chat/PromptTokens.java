package io.synapse.gateway.chat;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sizes the prompt of a chat: every text in it, by a counter of the caller's, and what is not text by another. The
 * base64 of pictures, sound and files is never counted as text.
 */
public final class PromptTokens {
    private static final long PER_MESSAGE = 4;
    private static final long REPLY_PRIMING = 3;
    private static final long PER_TOOL = 10;

    /** What a picture counts as where nobody looks at its size. */
    private static final long PER_IMAGE = 2_000;
    /** 32 tokens a second at the 1,000 bytes a second of the thriftiest speech. */
    private static final long BYTES_PER_AUDIO_TOKEN = 31;
    /** A page of some 1,100 tokens takes several thousand bytes in any document format. */
    private static final long BYTES_PER_FILE_TOKEN = 4;
    /** A file that the upstream keeps under a name: some twenty pages. */
    private static final long PER_STORED_FILE = 20_000;
    /** As the bound of a text of which nothing is known. */
    private static final long BYTES_PER_TEXT_TOKEN = 2;

    private final ToLongFunction<String> counter;
    private final ToLongFunction<ContentPart> parts;
    private long total;

    private PromptTokens(ToLongFunction<String> counter, ToLongFunction<ContentPart> parts) {
        this.counter = counter;
        this.parts = parts;
    }

    /** The tokens of a request's prompt, where what is not text counts as its {@linkplain #usual usual} amount. */
    public static long of(ChatRequest request, ToLongFunction<String> counter) {
        return of(request, counter, PromptTokens::usual);
    }

    /**
     * The tokens of a request's prompt.
     *
     * @param counter counts the tokens of one text; an upper bound gives an upper bound
     * @param parts counts a picture, a sound or a file
     */
    public static long of(ChatRequest request, ToLongFunction<String> counter, ToLongFunction<ContentPart> parts) {
        PromptTokens sum = new PromptTokens(counter, parts);
        sum.total = REPLY_PRIMING + PER_MESSAGE * request.messages().size();
        sum.addAll(request.body().get("messages"));
        for (String field : List.of("tools", "functions", "response_format")) {
            Object value = request.body().get(field);
            if (value instanceof List<?> list) {
                sum.total += PER_TOOL * list.size();
            }
            sum.addKeysToo(value);
        }
        return sum.total;
    }

    private void addAll(@Nullable Object value) {
        if (value instanceof String text) {
            add(text);
        } else if (value instanceof List<?> list) {
            list.forEach(this::addAll);
        } else if (value instanceof Map<?, ?> map) {
            addPart(map);
        }
    }

    /** What a picture, a sound or a file counts as by the bytes that it has, if anything. */
    public static long usual(ContentPart part) {
        return switch (part) {
            case ContentPart.Image ignored -> PER_IMAGE;
            case ContentPart.Audio audio -> 1 + bytesOf(audio.data()) / BYTES_PER_AUDIO_TOKEN;
            case ContentPart.File file -> {
                String data = file.data() == null ? "" : file.data();
                if (data.isEmpty()) {
                    yield PER_STORED_FILE;
                }
                boolean text = data.startsWith("data:text/") || data.startsWith("data:application/json");
                yield 1 + bytesOf(data) / (text ? BYTES_PER_TEXT_TOKEN : BYTES_PER_FILE_TOKEN);
            }
            case ContentPart.Text ignored -> 0;
            case ContentPart.Refusal ignored -> 0;
        };
    }

    private void addPart(Map<?, ?> part) {
        Object type = part.get("type");
        if ("image_url".equals(type) && part.get("image_url") instanceof Map<?, ?> image) {
            total += parts.applyAsLong(new ContentPart.Image(text(image, "url"), text(image, "detail")));
        } else if ("input_audio".equals(type) && part.get("input_audio") instanceof Map<?, ?> audio) {
            total += parts.applyAsLong(new ContentPart.Audio(text(audio, "data"), text(audio, "format")));
        } else if ("file".equals(type) && part.get("file") instanceof Map<?, ?> file) {
            total += parts.applyAsLong(
                    new ContentPart.File(text(file, "file_id"), text(file, "filename"), text(file, "file_data")));
        } else {
            part.values().forEach(this::addAll);
        }
    }

    private static String text(Map<?, ?> object, String field) {
        return object.get(field) instanceof String text ? text : "";
    }

    private void addKeysToo(@Nullable Object value) {
        if (value instanceof String text) {
            add(text);
        } else if (value instanceof List<?> list) {
            list.forEach(this::addKeysToo);
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                add(String.valueOf(key));
                addKeysToo(inner);
            });
        } else if (value != null) {
            total += 1;
        }
    }

    private void add(String text) {
        if (!text.isEmpty()) {
            total += counter.applyAsLong(text);
        }
    }

    private static long bytesOf(String base64) {
        return base64.length() * 3L / 4;
    }
}
