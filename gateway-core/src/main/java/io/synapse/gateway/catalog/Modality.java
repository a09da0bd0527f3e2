package io.synapse.gateway.catalog;

import java.util.Optional;

/** The eight things that a model can do; each has one endpoint. */
public enum Modality {
    /** Chat completions. */
    TEXT_GENERATION("text-generation"),
    /** Captions. */
    IMAGE_TO_TEXT("image-to-text"),
    /** Pictures from words. */
    TEXT_TO_IMAGE("text-to-image"),
    /** Pictures from pictures. */
    IMAGE_TO_IMAGE("image-to-image"),
    /** Films from words. */
    TEXT_TO_VIDEO("text-to-video"),
    /** Speech. */
    TEXT_TO_SPEECH("text-to-speech"),
    /** Transcription. */
    SPEECH_TO_TEXT("speech-to-text"),
    /** Vectors. */
    EMBEDDINGS("embeddings");

    private final String wireName;

    Modality(String wireName) {
        this.wireName = wireName;
    }

    /** The name in the model list and its filter: {@code text-generation}. */
    public String wireName() {
        return wireName;
    }

    /** The modality of that wire name. */
    public static Optional<Modality> parse(String wireName) {
        for (Modality modality : values()) {
            if (modality.wireName.equals(wireName)) {
                return Optional.of(modality);
            }
        }
        return Optional.empty();
    }
}
