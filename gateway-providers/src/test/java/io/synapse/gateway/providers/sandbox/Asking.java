package io.synapse.gateway.providers.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatCollector;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.tokens.JTokkitCounter;
import io.synapse.gateway.testkit.ChatGrammar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Asks the sandbox, both ways, in JSON. */
final class Asking {
    static final ObjectMapper JSON = new ObjectMapper();
    static final JTokkitCounter COUNTER = new JTokkitCounter();
    static final SandboxProvider SANDBOX = new SandboxProvider(COUNTER);

    private Asking() {}

    static UpstreamCall call(String model, long maxOutputTokens) {
        OptionalLong most = maxOutputTokens < 0 ? OptionalLong.empty() : OptionalLong.of(maxOutputTokens);
        return new UpstreamCall("req_1", model, most, Duration.ofSeconds(30));
    }

    static ChatRequest request(String json) {
        try {
            return ChatRequest.of(JSON.readValue(json, new TypeReference<Map<String, Object>>() {}));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    static ChatRequest says(String text) {
        return ChatRequest.of("llama-3.1-8b", text);
    }

    static ChatAnswer whole(ChatRequest request) throws UpstreamException {
        return SANDBOX.chat(call("llama-3.1-8b", 4096), request);
    }

    static ChatAnswer streamed(ChatRequest request) throws UpstreamException {
        List<ChatChunk> chunks = new ArrayList<>();
        ChatUsage usage = SANDBOX.stream(call("llama-3.1-8b", 4096), request, chunks::add);
        ChatGrammar.check(chunks);
        ChatCollector collector = new ChatCollector();
        chunks.forEach(collector::chunk);
        return collector.answer(usage);
    }

    /** The answer as JSON, after checking that it is well-formed as a stream and says the same whole. */
    static JsonNode ask(ChatRequest request) throws UpstreamException {
        JsonNode whole = JSON.valueToTree(whole(request).body());
        JsonNode streamed = JSON.valueToTree(streamed(request).body());
        // What holds nothing is not gathered from a stream.
        for (JsonNode choice : whole.get("choices")) {
            if (choice.get("logprobs") instanceof ObjectNode logprobs) {
                logprobs.remove("refusal");
            }
        }
        assertThat(streamed).isEqualTo(whole);
        return whole;
    }

    static JsonNode ask(String json) throws UpstreamException {
        return ask(request(json));
    }

    static String text(JsonNode answer, int choice) {
        return answer.at("/choices/" + choice + "/message/content").asText();
    }

    static String finish(JsonNode answer) {
        return answer.at("/choices/0/finish_reason").asText();
    }
}
