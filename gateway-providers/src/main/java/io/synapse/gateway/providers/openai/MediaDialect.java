package io.synapse.gateway.providers.openai;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream deviates from OpenAI's routes beside chat. Data only; immutable. What concerns a route that the upstream
 * does not have is never looked at.
 *
 * @param embeddings its vectors
 * @param images its pictures
 * @param speech its speech
 * @param toldTimes matches the names of the models that transcribe into {@code verbose_json}, which tells times
 */
record MediaDialect(Embedding embeddings, Image images, Speech speech, Pattern toldTimes) {
    private static final Pattern EVERY = Pattern.compile(".*");
    private static final Pattern NONE = Pattern.compile("(?!)");

    /**
     * Vectors.
     *
     * @param base64 whether it writes vectors in base64, which is a third of the size and quick to read
     * @param tokenInputs whether inputs may be token numbers
     * @param dropped hints that it refuses to be sent
     * @param renamed fields that have another name
     */
    record Embedding(boolean base64, boolean tokenInputs, Set<String> dropped, Map<String, String> renamed) {
        static final Embedding BASE64 = new Embedding(true, true, Set.of(), Map.of());
        static final Embedding FLOATS = new Embedding(false, true, Set.of(), Map.of());
    }

    /**
     * Pictures.
     *
     * @param asked matches the names of the models that have to be asked for the picture itself, else answer with a URL
     * @param inline how to ask them: the value of {@code response_format}
     * @param sides whether the size is two fields, {@code width} and {@code height}
     * @param words which of {@code quality}, {@code style}, {@code user}, {@code negative_prompt} and {@code seed} it takes;
     *     {@code style} and {@code user} are hints, and the others are refused where they are not taken
     * @param formats the file formats that it can be asked for
     * @param models what holds for some models only
     * @param sources how a drawing is told the picture to start from, by models; none where edits have a route of their own
     */
    record Image(
            Pattern asked,
            String inline,
            boolean sides,
            Set<String> words,
            Set<String> formats,
            List<ImageModel> models,
            List<SourceField> sources) {}

    /**
     * The field that tells the picture to start from.
     *
     * @param models matches the whole of an upstream's name of a model that takes one
     * @param name the field
     * @param list whether its value is a list of pictures
     */
    record SourceField(Pattern models, String name, boolean list) {}

    /**
     * What holds for some models of pictures.
     *
     * @param names matches the whole of an upstream's name of a model
     * @param dropped hints that they refuse
     * @param qualities their words for the qualities of other models
     * @param usual what they are told where the request does not say: their own choice could have any price, or be none of theirs
     * @param formats the file formats that they can be asked for, or null if they are those of the others
     */
    record ImageModel(
            Pattern names,
            Set<String> dropped,
            Map<String, String> qualities,
            Map<String, Object> usual,
            @Nullable Set<String> formats) {}

    /**
     * Speech.
     *
     * @param format the format of a request that names none, or null to leave it to the upstream
     * @param voices the voices of a request that names none: the first whose model matches
     * @param instructed matches the names of the models that take {@code instructions}
     * @param formats the models that do not speak in every format of requests: the first that matches
     * @param caps the models that speak short texts only; longer ones are spoken in parts, in formats that can be joined
     */
    record Speech(
            @Nullable String format, List<Voice> voices, Pattern instructed, List<Spoken> formats, List<Cap> caps) {}

    /**
     * What a model speaks in.
     *
     * @param models matches the whole of an upstream's name of a model
     * @param formats in the words of requests
     */
    record Spoken(Pattern models, Set<String> formats) {}

    /**
     * How much a model speaks at a time.
     *
     * @param models matches the whole of an upstream's name of a model
     * @param characters the longest text
     */
    record Cap(Pattern models, int characters) {}

    /**
     * A voice to begin with.
     *
     * @param models matches the whole of an upstream's name of a model
     * @param name the voice
     */
    record Voice(Pattern models, String name) {}

    /** OpenAI itself, in everything. */
    static final MediaDialect OPENAI = new MediaDialect(
            Embedding.BASE64,
            new Image(
                    Pattern.compile("dall-e-.*"),
                    "b64_json",
                    false,
                    Set.of("quality", "style", "user"),
                    Set.of("png", "jpeg", "webp"),
                    List.of(
                            new ImageModel(Pattern.compile("dall-e-.*"), Set.of(), Map.of(), Map.of(), Set.of()),
                            // They took over from dall-e, whose callers still speak its words.
                            new ImageModel(
                                    Pattern.compile("(?:chatgpt|gpt)-image-.*"),
                                    Set.of("style"),
                                    Map.of("standard", "medium", "hd", "high"),
                                    Map.of("quality", "medium"),
                                    null)),
                    List.of()),
            // It requires a voice, and our callers need not name one.
            new Speech(null, List.of(new Voice(EVERY, "alloy")), Pattern.compile("(?!tts-1).*"), List.of(), List.of()),
            // The models after Whisper answer in plain JSON or not at all.
            Pattern.compile("(?i).*whisper.*"));

    /** Upstreams of which it is not known that they can write base64. */
    static final MediaDialect FLOATS = vectors(Embedding.FLOATS);

    /** Mistral refuses fields that it does not know. */
    static final MediaDialect MISTRAL =
            vectors(new Embedding(false, false, Set.of("user"), Map.of("dimensions", "output_dimension")));

    /** Ollama has no use for another model's tokens. */
    static final MediaDialect OLLAMA = vectors(new Embedding(true, false, Set.of("user"), Map.of()));

    /** Together has its own words for pictures. */
    static final MediaDialect TOGETHER = new MediaDialect(
            Embedding.FLOATS,
            new Image(
                    EVERY,
                    "base64",
                    true,
                    Set.of("negative_prompt", "seed"),
                    Set.of("jpeg", "png"),
                    // It takes twelve steps at most, and Together's choice for all models is more.
                    List.of(new ImageModel(
                            Pattern.compile("(?i).*flux\\.1-schnell.*"), Set.of(), Map.of(), Map.of("steps", 4), null)),
                    // What other models make of a picture is not said; they could draw as if there were none.
                    List.of(
                            new SourceField(Pattern.compile("(?i).*kontext.*"), "image_url", false),
                            new SourceField(
                                    Pattern.compile("(?i).*(?:flux\\.2-|flash-image|gemini-.*-image).*"),
                                    "reference_images",
                                    true))),
            OPENAI.speech,
            OPENAI.toldTimes);

    /** Groq's models speak wav if they are asked for nothing, those of today nothing else, with voices of their own. */
    static final MediaDialect GROQ = new MediaDialect(
            Embedding.FLOATS,
            OPENAI.images,
            new Speech(
                    "wav",
                    List.of(
                            new Voice(Pattern.compile(".*orpheus-arabic.*"), "abdullah"),
                            new Voice(Pattern.compile(".*orpheus.*"), "autumn")),
                    NONE,
                    List.of(
                            new Spoken(Pattern.compile(".*orpheus.*"), Set.of("wav")),
                            new Spoken(EVERY, Set.of("flac", "mp3", "wav"))),
                    List.of(new Cap(Pattern.compile(".*orpheus.*"), 200))),
            EVERY);

    /** Of an upstream whose only other route is that of embeddings. */
    private static MediaDialect vectors(Embedding embeddings) {
        return new MediaDialect(embeddings, OPENAI.images, OPENAI.speech, OPENAI.toldTimes);
    }
}
