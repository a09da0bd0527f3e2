package io.synapse.gateway.chat;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sizes the prompt of a chat: every text in it, by a counter of the caller's, and flat amounts for what is not text. The
 * base64 of pictures, sound and files is never counted as text.
 */
public final class PromptTokens {
    private static final long PER_MESSAGE = 4;
    private static final long REPLY_PRIMING = 3;
    private static final long PER_TOOL = 10;
    /** What a picture counts as with most models, at most. */
    public static final long USUAL_PER_IMAGE = 2_000;

    /** 32 tokens a second at the 4,000 bytes a second of thrifty speech. */
    private static final long BYTES_PER_AUDIO_TOKEN = 125;
    /** A page of some 1,100 tokens takes several thousand bytes in any document format. */
    private static final long BYTES_PER_FILE_TOKEN = 4;

    private final ToLongFunction<String> counter;
    private final long perImage;
    private long total;

    private PromptTokens(ToLongFunction<String> counter, long perImage) {
        this.counter = counter;
        this.perImage = perImage;
    }

    /** The tokens of a request's prompt, where a picture counts as {@link #USUAL_PER_IMAGE}. */
    public static long of(ChatRequest request, ToLongFunction<String> counter) {
        return of(request, counter, USUAL_PER_IMAGE);
    }

    /**
     * The tokens of a request's prompt.
     *
     * @param counter counts the tokens of one text; an upper bound gives an upper bound
     * @param perImage what the model counts a picture as, at most
     */
    public static long of(ChatRequest request, ToLongFunction<String> counter, long perImage) {
        PromptTokens sum = new PromptTokens(counter, perImage);
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

    private void addPart(Map<?, ?> part) {
        Object type = part.get("type");
        if ("image_url".equals(type)) {
            total += perImage;
        } else if ("input_audio".equals(type) && part.get("input_audio") instanceof Map<?, ?> audio) {
            total += 1 + bytesOf(audio.get("data")) / BYTES_PER_AUDIO_TOKEN;
        } else if ("file".equals(type) && part.get("file") instanceof Map<?, ?> file) {
            total += 1 + bytesOf(file.get("file_data")) / BYTES_PER_FILE_TOKEN;
        } else {
            part.values().forEach(this::addAll);
        }
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

    private static long bytesOf(@Nullable Object base64) {
        return base64 instanceof String text ? text.length() * 3L / 4 : 0;
    }
}
