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
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.SseReader;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any upstream that speaks OpenAI's chat completions; how it deviates is its {@link OpenAiDialect}. Safe for use by many
 * threads; owns nothing: the HTTP client is shared and closed by who made it. The format is that of OpenAI's API reference,
 * "Chat Completions".
 *
 * <p>A provider made by its constructor serves chat and nothing else. An {@link OpenAiPreset} makes one that also serves
 * what that upstream has routes for: embeddings, pictures, speech, transcripts. It implements their interfaces then.
 */
public sealed class OpenAiProvider implements ChatProvider
        permits OpenAiProviders.WithEmbeddings, OpenAiProviders.WithSound {
    private final String id;
    private final OpenAiDialect dialect;
    private final RequestWriter requests;
    private final UpstreamRoute streams;
    private final UpstreamRoute wholes;

    /**
     * @param http the shared client
     * @param id the name that catalog routes use, and callers in {@code providerOptions}
     * @param baseUri what {@code /chat/completions} is appended to: {@code https://api.openai.com/v1}
     * @param credential the key, or null for a server that wants none
     * @param dialect how the upstream deviates
     */
    public OpenAiProvider(
            UpstreamHttp http, String id, URI baseUri, @Nullable String credential, OpenAiDialect dialect) {
        this(endpoint(http, id, baseUri, credential, dialect), dialect);
    }

    static Endpoint endpoint(
            UpstreamHttp http, String id, URI base, @Nullable String credential, OpenAiDialect dialect) {
        Map<String, String> headers = new LinkedHashMap<>(dialect.headers());
        if (credential != null) {
            headers.put("Authorization", "Bearer " + credential);
        }
        return new Endpoint(http, id, base, headers);
    }

    /**
     * Serves chat at a place that is known already: for an upstream that speaks OpenAI's format on one of its routes and a
     * format of its own on others.
     *
     * @param endpoint what {@code /chat/completions} is appended to, with all that each request has to say
     * @param dialect how the upstream deviates; its headers are the endpoint's business
     */
    public OpenAiProvider(Endpoint endpoint, OpenAiDialect dialect) {
        this.id = endpoint.id();
        this.dialect = dialect;
        this.requests = new RequestWriter(id, dialect);
        this.streams = endpoint.route("/chat/completions", "text/event-stream");
        this.wholes = endpoint.route("/chat/completions", "application/json");
    }

    @Override
    public final boolean fetchesPictures() {
        return dialect.imageUrls();
    }

    @Override
    public final boolean billsAfterCancel() {
        return dialect.billsAfterCancel();
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
            throws UpstreamException {
        byte[] body = requests.write(call, request, true);
        try (UpstreamResponse response = streams.post(call, body)) {
            if (response.isJson()) {
                // Some upstreams cannot stream with every model, and answer as if they had not been asked to.
                ChatAnswer whole = Answers.whole(response.whole(), dialect, bound(call, request));
                Answers.chunks(whole).forEach(sink::chunk);
                return whole.usage();
            }
            return readStream(call, bound(call, request), response, sink);
        } catch (UpstreamException e) {
            throw FieldNames.inOurWords(e, dialect.renamed());
        }
    }

    @Override
    public final ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        byte[] body = requests.write(call, request, false);
        try (UpstreamResponse response = wholes.post(call, body)) {
            return Answers.whole(response.whole(), dialect, bound(call, request));
        } catch (UpstreamException e) {
            throw FieldNames.inOurWords(e, dialect.renamed());
        }
    }

    @Override
    public final String toString() {
        return "OpenAiProvider[" + id + "]";
    }

    private static long bound(UpstreamCall call, ChatRequest request) {
        return Math.min(
                call.maxOutputTokens().orElse(Long.MAX_VALUE),
                request.maxTokens().orElse(Long.MAX_VALUE));
    }

    private @Nullable ChatUsage readStream(UpstreamCall call, long bound, UpstreamResponse response, ChatSink sink)
            throws UpstreamException {
        if (response.mediaType().contains("html")) {
            throw new UpstreamException(Kind.MALFORMED, "answered with a web page", null);
        }
        SseReader events = new SseReader(response.body());
        ChunkReader chunks = new ChunkReader(dialect);
        while (nextEvent(events, chunks, call, response)) {
            if (events.dataIs("[DONE]")) {
                return done(chunks, bound, response, sink);
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

    private static @Nullable ChatUsage done(ChunkReader chunks, long bound, UpstreamResponse response, ChatSink sink)
            throws UpstreamException {
        if (!chunks.started()) {
            throw new UpstreamException(Kind.MALFORMED, "ended an answer that had not begun", null);
        }
        chunks.missingEnds(bound).forEach(sink::chunk);
        response.finish();
        return chunks.usage();
    }
}
