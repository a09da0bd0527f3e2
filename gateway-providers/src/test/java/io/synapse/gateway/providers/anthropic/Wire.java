package io.synapse.gateway.providers.anthropic;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A provider and its upstream, spoken to in JSON texts. */
final class Wire implements AutoCloseable {
    static final String KEY = "sk-ant-test-0123456789";
    static final String HI =
            "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\"}";
    static final String TOOL =
            "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}";

    final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();

    /** What came of a streamed call. */
    record Streamed(RecordingSink sink, ChatUsage usage) {}

    AnthropicProvider provider() {
        Map<String, String> settings = Map.of(
                "ANTHROPIC_API_KEY", KEY, "ANTHROPIC_BASE_URL", upstream.uri().toString());
        return AnthropicProvider.of(http, settings::get).orElseThrow();
    }

    static UpstreamCall call(String model, OptionalLong bound) {
        return new UpstreamCall("call-1", model, bound, Duration.ofSeconds(50));
    }

    static UpstreamCall call(String model) {
        return call(model, OptionalLong.of(1000));
    }

    static ChatRequest request(String json) {
        return ChatRequest.of(PlainJson.object(json));
    }

    /** A request to say hello, with more fields. */
    static ChatRequest hello(String fields) {
        return request("{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]"
                + (fields.isEmpty() ? "" : "," + fields) + "}");
    }

    /** What reaches the upstream. */
    Map<String, Object> sent(UpstreamCall call, ChatRequest request) throws UpstreamException {
        upstream.answer(Answer.json(200, HI));
        provider().chat(call, request);
        return upstream.requests().getLast().json();
    }

    /** What a request is refused with, before anything is sent. */
    UpstreamException refusal(String model, ChatRequest request) {
        return refusal(call(model), request);
    }

    UpstreamException refusal(UpstreamCall call, ChatRequest request) {
        UpstreamException failure =
                catchThrowableOfType(UpstreamException.class, () -> provider().chat(call, request));
        if (!upstream.requests().isEmpty()) {
            throw new AssertionError("something was sent");
        }
        return failure;
    }

    ChatAnswer whole(String answer, String fields) throws UpstreamException {
        upstream.answer(Answer.json(200, answer));
        return provider().chat(call("claude-haiku-4-5"), hello(fields));
    }

    Streamed stream(String fields, List<String> events) throws UpstreamException {
        upstream.answer(AnthropicFormat.events(events));
        RecordingSink sink = new RecordingSink();
        ChatUsage usage = provider().stream(call("claude-haiku-4-5"), hello(fields), sink);
        return new Streamed(sink, usage);
    }

    UpstreamException failure(Answer answer) {
        return failure(answer, new RecordingSink());
    }

    UpstreamException failure(Answer answer, RecordingSink sink) {
        upstream.answer(answer);
        return catchThrowableOfType(
                UpstreamException.class, () -> provider().stream(call("claude-haiku-4-5"), hello(""), sink));
    }

    @Override
    public void close() {
        http.close();
        upstream.close();
    }
}
