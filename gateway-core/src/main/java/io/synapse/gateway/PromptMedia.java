package io.synapse.gateway;

import io.synapse.gateway.catalog.PictureTokens;
import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.chat.PromptTokens;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.header.PictureHeader;
import io.synapse.gateway.header.PictureRules;
import io.synapse.gateway.header.Recordings;
import io.synapse.gateway.media.PictureSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pictures and sounds of a prompt, checked and measured once, by their headers. What an upstream is going to fetch has no
 * size yet.
 */
final class PromptMedia {
    /** The most pictures that a request may name by URL. */
    private static final int MOST_URLS = 100;
    /** Formats of sound whose length can be read. */
    private static final Set<String> MEASURED = Set.of("wav", "mp3", "flac", "ogg");
    /** What Gemini counts a second of sound as; others count fewer. */
    private static final long AUDIO_TOKENS_PER_SECOND = 32;

    private static final long MILLIS = 1000;

    /** By their data URIs. */
    private final Map<String, PictureHeader> pictures = new HashMap<>();
    /** How long the sounds last in milliseconds, by their data. */
    private final Map<String, Long> sounds = new HashMap<>();

    private boolean brief = true;
    private int urls;

    private PromptMedia() {}

    /**
     * Those of a chat.
     *
     * @param source knows which addresses a picture may be fetched from; null if anybody may fetch anything
     * @throws InvalidRequestException naming the field of what is broken, too large, or may not be fetched
     */
    static PromptMedia of(ChatRequest request, @Nullable PictureSource source) {
        PromptMedia media = new PromptMedia();
        List<ChatMessage> messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            List<ContentPart> parts = messages.get(i).content();
            for (int j = 0; j < parts.size(); j++) {
                media.add("messages[" + i + "].content[" + j + "].", parts.get(j), source);
            }
        }
        return media;
    }

    /** The one picture of a chat that the gateway wrote, whose header was read; null if it could not be. */
    static PromptMedia of(ChatRequest request, @Nullable PictureHeader header) {
        PromptMedia media = new PromptMedia();
        media.brief = false;
        for (ChatMessage message : request.messages()) {
            for (ContentPart part : message.content()) {
                if (part instanceof ContentPart.Image image && header != null) {
                    media.pictures.put(image.url(), header);
                }
            }
        }
        return media;
    }

    private void add(String path, ContentPart part, @Nullable PictureSource source) {
        switch (part) {
            case ContentPart.Image image -> {
                brief &= "low".equals(image.detail());
                add(path + "image_url.url", image.url(), source);
            }
            case ContentPart.Audio audio -> {
                String field = path + "input_audio.data";
                byte[] bytes = decoded(field, audio.data());
                if (MEASURED.contains(audio.format())) {
                    sounds.put(
                            audio.data(),
                            Recordings.read(field, bytes, audio.format()).durationMillis());
                }
            }
            case ContentPart.File ignored -> {
                // Of any type; whoever reads it knows.
            }
            case ContentPart.Text ignored -> {
                // Nothing to measure.
            }
            case ContentPart.Refusal ignored -> {
                // Nothing to measure.
            }
        }
    }

    private void add(String field, String url, @Nullable PictureSource source) {
        if (url.startsWith("data:")) {
            pictures.computeIfAbsent(
                    url,
                    data -> PictureRules.check(
                            field, PictureRules.ofDataUri(field, data).bytes()));
            return;
        }
        if (++urls > MOST_URLS) {
            throw new InvalidRequestException(
                    field,
                    "'" + field + "' is one URL too many: a request may name " + MOST_URLS + " pictures by URL.");
        }
        if (source != null) {
            source.check(field, url);
        }
    }

    private static byte[] decoded(String field, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(field, "'" + field + "' must be the sound in base64.");
        }
    }

    /** What a part counts as, at most, with a model that counts pictures in this way. */
    long tokens(ContentPart part, PictureTokens formula) {
        if (part instanceof ContentPart.Image image) {
            PictureHeader header = pictures.get(image.url());
            return header == null ? formula.most(brief) : formula.of(header.width(), header.height(), brief);
        }
        if (part instanceof ContentPart.Audio audio) {
            Long millis = sounds.get(audio.data());
            return millis == null
                    ? PromptTokens.usual(part)
                    : 1 + Math.ceilDiv(millis * AUDIO_TOKENS_PER_SECOND, MILLIS);
        }
        return PromptTokens.usual(part);
    }
}
