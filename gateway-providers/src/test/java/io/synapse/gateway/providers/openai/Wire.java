package io.synapse.gateway.providers.openai;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
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
    static final String COMPLETION =
            "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";

    final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();

    /** What came of a streamed call. */
    record Streamed(RecordingSink sink, ChatUsage usage) {
        List<Map<String, Object>> chunks() {
            return sink.chunks().stream().map(ChatChunk::body).toList();
        }
    }

    OpenAiProvider provider(String id, OpenAiDialect dialect) {
        return new OpenAiProvider(http, id, upstream.uri().resolve("/v1/"), "sk-test-0123456789", dialect);
    }

    static UpstreamCall call(String model, OptionalLong bound) {
        return new UpstreamCall("call-1", model, bound, Duration.ofSeconds(50));
    }

    static UpstreamCall call() {
        return call("the-model", OptionalLong.of(100));
    }

    static ChatRequest request(String json) {
        return ChatRequest.of(PlainJson.object(json));
    }

    /** What reaches the upstream when a whole answer is asked for. */
    Map<String, Object> sent(String id, OpenAiDialect dialect, UpstreamCall call, String request)
            throws UpstreamException {
        upstream.answer(Answer.json(200, COMPLETION));
        provider(id, dialect).chat(call, request(request));
        return upstream.requests().getLast().json();
    }

    ChatAnswer whole(OpenAiDialect dialect, String answer) throws UpstreamException {
        upstream.answer(Answer.json(200, answer));
        return provider("under-test", dialect).chat(call(), ChatRequest.of("m", "Hello"));
    }

    Streamed stream(OpenAiDialect dialect, Answer answer) throws UpstreamException {
        upstream.answer(answer);
        RecordingSink sink = new RecordingSink();
        ChatUsage usage = provider("under-test", dialect).stream(call(), ChatRequest.of("m", "Hello"), sink);
        return new Streamed(sink, usage);
    }

    @Override
    public void close() {
        http.close();
        upstream.close();
    }
}
