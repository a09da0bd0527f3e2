package io.synapse.gateway.providers.gemini;

import static java.util.Map.entry;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatCollector;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.SseReader;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chat: the Gemini API reference, {@code models.generateContent} and {@code models.streamGenerateContent}. Safe for use by
 * many threads.
 */
final class GeminiChat {
    // Without the parameter the stream would be one long JSON array.
    private static final String STREAM = "streamGenerateContent?alt=sse";

    private static final FieldNames FIELDS = new FieldNames(
            "messages",
            List.of(
                    entry("contents", "messages"),
                    entry("systeminstruction", "messages"),
                    entry("toolconfig", "tool_choice"),
                    entry("tools", "tools"),
                    entry("maxoutputtokens", "max_tokens"),
                    entry("temperature", "temperature"),
                    entry("topp", "top_p"),
                    entry("seed", "seed"),
                    entry("presencepenalty", "presence_penalty"),
                    entry("frequencypenalty", "frequency_penalty"),
                    entry("stopsequences", "stop"),
                    entry("candidatecount", "n"),
                    entry("response", "response_format"),
                    entry("thinking", "reasoning_effort")));

    private final GeminiApi api;

    GeminiChat(GeminiApi api) {
        this.api = api;
    }

    @Nullable
    ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        byte[] body = ChatWriter.write(call, request);
        AnswerReader reader = new AnswerReader(request.choices(), sink);
        try (UpstreamResponse response =
                api.route(call, STREAM, "text/event-stream").post(call, body)) {
            if (response.isJson()) {
                // Somebody between us and them has dropped the parameter, or it is an error.
                array(reader, response.whole());
            } else {
                events(reader, call, response);
            }
            reader.end(true);
            return reader.usage();
        } catch (UpstreamException e) {
            throw FIELDS.ours(e);
        }
    }

    ChatAnswer whole(UpstreamCall call, ChatRequest request) throws UpstreamException {
        byte[] body = ChatWriter.write(call, request);
        ChatCollector collector = new ChatCollector();
        AnswerReader reader = new AnswerReader(request.choices(), collector);
        try (UpstreamResponse response =
                api.route(call, "generateContent", GeminiApi.JSON).post(call, body)) {
            reader.read(GeminiApi.object(response.whole()));
            reader.end(false);
            return collector.answer(reader.usage());
        } catch (UpstreamException e) {
            throw FIELDS.ours(e);
        }
    }

    private static void events(AnswerReader reader, UpstreamCall call, UpstreamResponse response)
            throws UpstreamException {
        if (response.mediaType().contains("html")) {
            throw UpstreamErrors.malformed("answered with a web page", null);
        }
        SseReader events = new SseReader(response.body());
        while (next(events, reader, call, response)) {
            if (events.length() > 0) {
                reader.read(GeminiApi.object(events.bytes(), events.offset(), events.length()));
            }
        }
    }

    private static boolean next(SseReader events, AnswerReader reader, UpstreamCall call, UpstreamResponse response)
            throws UpstreamException {
        try {
            return events.next();
        } catch (IOException e) {
            if (reader.finished() && call.stopped() == null) {
                // What was said is whole; only the end of the stream itself is missing.
                return false;
            }
            throw response.failure(e);
        }
    }

    private static void array(AnswerReader reader, byte[] json) throws UpstreamException {
        Object read;
        try {
            read = Json.read(json);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
        List<?> chunks = read instanceof List<?> several ? several : Collections.singletonList(read);
        for (Object chunk : chunks) {
            reader.read(GeminiApi.checked(chunk));
        }
    }
}
