package io.synapse.gateway.providers.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream deviates from OpenAI's chat completions. Data only; immutable. Hints that an upstream does not take are
 * dropped; what changes the meaning of an answer and cannot be had is refused.
 *
 * @param outputBound the field that bounds the output: {@code max_tokens} or {@code max_completion_tokens}
 * @param developerRole whether the role {@code developer} is known; it becomes {@code system} where not
 * @param usageOnRequest whether {@code stream_options} may be sent; where not, the usage comes unasked
 * @param imageUrls whether the upstream may be given the URL of a picture; where not, only pictures within the request
 * @param plainContent whether a message's content must be a text unless there are pictures in it, never null nor a list
 *     of texts; an answer that follows a schema may be an object then instead of its text
 * @param bareSchemas the models that take a JSON schema as it is, without a name and an object around it; or null
 * @param billsAfterCancel whether the upstream bills the whole of a streamed answer though its connection was closed
 * @param shortToolCallIds whether the ids of tool calls must be nine letters and digits
 * @param usageEnvelope an object of the stream's last chunk that holds the usage: {@code x_groq}; or null
 * @param dropped fields of the request that are left out
 * @param droppedFromMessages fields of a message that the upstream does not know: hints are left out, a refusal becomes what
 *     was said, and anything else is refused
 * @param renamed fields of the request that have another name
 * @param replaced values that have another name, by field
 * @param refused fields that the upstream cannot honour
 * @param finishReasons words for why an answer ended, beside the usual ones; in lower case
 * @param headers what to send with each request
 * @param models what holds for some models only
 */
public record OpenAiDialect(
        String outputBound,
        boolean developerRole,
        boolean usageOnRequest,
        boolean imageUrls,
        boolean plainContent,
        @Nullable Pattern bareSchemas,
        boolean billsAfterCancel,
        boolean shortToolCallIds,
        @Nullable String usageEnvelope,
        Set<String> dropped,
        Set<String> droppedFromMessages,
        Map<String, String> renamed,
        Map<String, Map<String, String>> replaced,
        List<Refusal> refused,
        Map<String, Finish> finishReasons,
        Map<String, String> headers,
        List<ModelRule> models) {

    /** What upstreams have in common that only say they are "OpenAI-compatible". */
    public static final OpenAiDialect PLAIN = new Builder().build();

    /**
     * Cloudflare's Workers AI, on the route that speaks OpenAI's format. What it does not document for every model is
     * refused: older models ignore what they do not know.
     */
    public static final OpenAiDialect CLOUDFLARE = cloudflare();

    public OpenAiDialect {
        dropped = Set.copyOf(dropped);
        droppedFromMessages = Set.copyOf(droppedFromMessages);
        renamed = Map.copyOf(renamed);
        replaced = Map.copyOf(replaced);
        refused = List.copyOf(refused);
        finishReasons = Map.copyOf(finishReasons);
        headers = Map.copyOf(headers);
        models = List.copyOf(models);
    }

    /**
     * A field that the upstream cannot honour.
     *
     * @param field the field
     * @param harmless the value that asks for nothing special and is left out: 1 of {@code n}; null if there is none
     * @param advice what the caller can do instead: a sentence
     */
    public record Refusal(String field, @Nullable Object harmless, String advice) {}

    /**
     * What holds for some models.
     *
     * @param upstreamModels matches the whole of an upstream's name of a model
     * @param outputBound the field that bounds their output, or null for the dialect's own
     * @param refusedWhileReasoning what they refuse unless {@code reasoning_effort} is {@code none}
     * @param toolsNeedNoReasoning whether a request with functions to call must say {@code reasoning_effort: none}
     * @param words the only words that they take, by field
     */
    public record ModelRule(
            Pattern upstreamModels,
            @Nullable String outputBound,
            List<Refusal> refusedWhileReasoning,
            boolean toolsNeedNoReasoning,
            Map<String, List<String>> words) {
        public ModelRule {
            refusedWhileReasoning = List.copyOf(refusedWhileReasoning);
            words = Map.copyOf(words);
        }

        /** Models that take some words only. */
        static ModelRule words(String upstreamModels, String field, String... words) {
            return new ModelRule(
                    Pattern.compile(upstreamModels), null, List.of(), false, Map.of(field, List.of(words)));
        }
    }

    private static OpenAiDialect cloudflare() {
        String advice = "Leave it out, or choose a model of another provider.";
        return new Builder()
                .noImageUrls()
                .plainContent()
                .bareSchemas(Pattern.compile("@hf/.*|@cf/(?:meta/llama-[123]\\b|deepseek-ai/deepseek-(?:r1|coder)).*"))
                .drop("user", "store", "metadata", "service_tier")
                .dropFromMessages("name", "refusal", "annotations", "audio", "function_call")
                .refuse("n", 1, "Send one request for each answer.")
                .refuse("stop", null, advice)
                .refuse("tool_choice", "auto", advice)
                .refuse("logprobs", false, advice)
                .refuse("top_logprobs", 0, advice)
                .refuse("logit_bias", null, advice)
                .refuse("parallel_tool_calls", true, advice)
                .textAlone(advice)
                .build();
    }

    /** The field that bounds a model's output. */
    String outputBound(String model) {
        for (ModelRule rule : models) {
            if (rule.outputBound() != null
                    && rule.upstreamModels().matcher(model).matches()) {
                return rule.outputBound();
            }
        }
        return outputBound;
    }

    /** Starts from what all have in common. */
    public static Builder builder() {
        return new Builder();
    }

    /** Writes a dialect. Not for use by several threads. */
    public static final class Builder {
        private String outputBound = "max_tokens";
        private boolean developerRole;
        private boolean usageOnRequest = true;
        private boolean imageUrls = true;
        private boolean plainContent;
        private @Nullable Pattern bareSchemas;
        private boolean billsAfterCancel;
        private boolean shortToolCallIds;
        private @Nullable String usageEnvelope;
        private final Set<String> dropped = new HashSet<>();
        private final Set<String> droppedFromMessages = new HashSet<>();
        private final Map<String, String> renamed = new HashMap<>();
        private final Map<String, Map<String, String>> replaced = new HashMap<>();
        private final List<Refusal> refused = new ArrayList<>();
        private final Map<String, Finish> finishReasons = new HashMap<>();
        private final Map<String, String> headers = new HashMap<>();
        private final List<ModelRule> models = new ArrayList<>();

        private Builder() {}

        /** Which field bounds the output. */
        public Builder outputBound(String field) {
            outputBound = field;
            return this;
        }

        /** The role {@code developer} is known. */
        public Builder developerRole() {
            developerRole = true;
            return this;
        }

        /** {@code stream_options} is unknown, and the usage comes unasked. */
        public Builder usageUnasked() {
            usageOnRequest = false;
            return this;
        }

        /** Pictures must stand in the request. */
        public Builder noImageUrls() {
            imageUrls = false;
            return this;
        }

        /** A message's content must be a text unless there are pictures in it. */
        public Builder plainContent() {
            plainContent = true;
            return this;
        }

        /** These models take a JSON schema without a name and an object around it. */
        public Builder bareSchemas(Pattern upstreamModels) {
            bareSchemas = upstreamModels;
            return this;
        }

        /** A streamed answer is billed to its end though its connection was closed. */
        public Builder billsAfterCancel() {
            billsAfterCancel = true;
            return this;
        }

        /** The ids of tool calls must be nine letters and digits. */
        public Builder shortToolCallIds() {
            shortToolCallIds = true;
            return this;
        }

        /** The usage stands in an object of this name. */
        public Builder usageIn(String field) {
            usageEnvelope = field;
            return this;
        }

        /** Leaves hints out. */
        public Builder drop(String... fields) {
            dropped.addAll(List.of(fields));
            return this;
        }

        /** Leaves fields of messages out, as far as nothing is lost with them. */
        public Builder dropFromMessages(String... fields) {
            droppedFromMessages.addAll(List.of(fields));
            return this;
        }

        /** Gives a field another name. */
        public Builder rename(String field, String to) {
            renamed.put(field, to);
            return this;
        }

        /** Gives a value of a field another name. */
        public Builder replace(String field, String value, String by) {
            replaced.put(field, Map.of(value, by));
            return this;
        }

        /** Refuses a field, unless its value is harmless. */
        public Builder refuse(String field, @Nullable Object harmless, String advice) {
            refused.add(new Refusal(field, harmless, advice));
            return this;
        }

        /** Refuses what few have beside text and tools, of an upstream that would not notice that it was asked. */
        Builder textAlone(String advice) {
            return refuse("functions", null, advice)
                    .refuse("modalities", List.of("text"), advice)
                    .refuse("moderation", null, advice)
                    .refuse("web_search_options", null, advice);
        }

        /** Explains a word for why an answer ended. */
        public Builder finish(String word, Finish meaning) {
            finishReasons.put(word, meaning);
            return this;
        }

        /** Sends a header with each request. */
        public Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** Adds what holds for some models. */
        public Builder model(ModelRule rule) {
            models.add(rule);
            return this;
        }

        /** The dialect. */
        public OpenAiDialect build() {
            return new OpenAiDialect(
                    outputBound,
                    developerRole,
                    usageOnRequest,
                    imageUrls,
                    plainContent,
                    bareSchemas,
                    billsAfterCancel,
                    shortToolCallIds,
                    usageEnvelope,
                    dropped,
                    droppedFromMessages,
                    renamed,
                    replaced,
                    refused,
                    finishReasons,
                    headers,
                    models);
        }
    }
}
