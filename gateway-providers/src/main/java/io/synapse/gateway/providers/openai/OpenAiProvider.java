package io.synapse.gateway.providers.openai;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.SseReader;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamResponse;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any upstream that speaks OpenAI's chat completions; how it deviates is its {@link OpenAiDialect}. Safe for use by many
 * threads; owns nothing: the HTTP client is shared and closed by who made it. The format is that of OpenAI's API reference,
 * "Chat Completions".
 */
public final class OpenAiProvider implements ChatProvider {
    private final UpstreamHttp http;
    private final String id;
    private final URI chatUri;
    private final OpenAiDialect dialect;
    private final RequestWriter requests;
    private final Map<String, String> headersOfStreams;
    private final Map<String, String> headersOfWholes;

    /**
     * @param http the shared client
     * @param id the name that catalog routes use, and callers in {@code providerOptions}
     * @param baseUri what {@code /chat/completions} is appended to: {@code https://api.openai.com/v1}
     * @param credential the key, or null for a server that wants none
     * @param dialect how the upstream deviates
     */
    public OpenAiProvider(
            UpstreamHttp http, String id, URI baseUri, @Nullable String credential, OpenAiDialect dialect) {
        this.http = http;
        this.id = id;
        this.chatUri = URI.create(baseUri.toString().replaceAll("/+$", "") + "/chat/completions");
        this.dialect = dialect;
        this.requests = new RequestWriter(id, dialect);
        this.headersOfStreams = headers("text/event-stream", credential, dialect);
        this.headersOfWholes = headers("application/json", credential, dialect);
    }

    private static Map<String, String> headers(String accept, @Nullable String credential, OpenAiDialect dialect) {
        Map<String, String> headers = new LinkedHashMap<>(dialect.headers());
        headers.put("Accept", accept);
        if (credential != null) {
            headers.put("Authorization", "Bearer " + credential);
        }
        return Map.copyOf(headers);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        byte[] body = requests.write(call, request, true);
        try (UpstreamResponse response = answer(call, headersOfStreams, body)) {
            if (isJson(response)) {
                // Some upstreams cannot stream with every model, and answer as if they had not been asked to.
                ChatAnswer whole = Answers.whole(response.whole(), dialect);
                Answers.chunks(whole).forEach(sink::chunk);
                return whole.usage();
            }
            return readStream(call, response, sink);
        }
    }

    @Override
    public ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        byte[] body = requests.write(call, request, false);
        try (UpstreamResponse response = answer(call, headersOfWholes, body)) {
            return Answers.whole(response.whole(), dialect);
        }
    }

    @Override
    public String toString() {
        return "OpenAiProvider[" + id + "]";
    }

    private UpstreamResponse answer(UpstreamCall call, Map<String, String> headers, byte[] body)
            throws UpstreamException {
        UpstreamResponse response = http.post(call, chatUri, headers, body);
        if (response.succeeded()) {
            return response;
        }
        try (response) {
            throw UpstreamErrors.of(response);
        }
    }

    private @Nullable ChatUsage readStream(UpstreamCall call, UpstreamResponse response, ChatSink sink)
            throws UpstreamException {
        if (response.mediaType().contains("html")) {
            throw new UpstreamException(Kind.MALFORMED, "answered with a web page", null);
        }
        SseReader events = new SseReader(response.body());
        ChunkReader chunks = new ChunkReader(dialect);
        while (nextEvent(events, chunks, call, response)) {
            if (events.dataIs("[DONE]")) {
                return done(chunks, response, sink);
            }
            if (events.length() == 0) {
                continue;
            }
            if ("error".equals(events.event())) {
                throw ChunkReader.error(events.bytes(), events.offset(), events.length());
            }
            ChatChunk chunk = chunks.read(events.bytes(), events.offset(), events.length());
            if (chunk != null) {
                sink.chunk(chunk);
            }
        }
        if (!chunks.finished()) {
            throw new UpstreamException(Kind.UNREACHABLE, "cut the answer off", null);
        }
        return chunks.usage();
    }

    private static boolean nextEvent(SseReader events, ChunkReader chunks, UpstreamCall call, UpstreamResponse response)
            throws UpstreamException {
        try {
            return events.next();
        } catch (IOException e) {
            if (chunks.finished() && call.stopped() == null) {
                // Only the usage can be missing. What was said is whole, and the caller has it.
                return false;
            }
            throw response.failure(e);
        }
    }

    private static @Nullable ChatUsage done(ChunkReader chunks, UpstreamResponse response, ChatSink sink)
            throws UpstreamException {
        if (!chunks.started()) {
            throw new UpstreamException(Kind.MALFORMED, "ended an answer that had not begun", null);
        }
        chunks.missingEnds().forEach(sink::chunk);
        response.finish();
        return chunks.usage();
    }

    private static boolean isJson(UpstreamResponse response) {
        String type = response.mediaType();
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }
}
