package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatCollector;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.SseReader;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.http.UpstreamSettings;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's Claude models. Safe for use by many threads; owns nothing: the HTTP client is shared and closed by who made
 * it. The format is that of Anthropic's API reference, "Messages".
 */
public final class AnthropicProvider implements ChatProvider {
    private static final String ID = "anthropic";

    /** The one version that there is; a request without it is refused. */
    private static final String VERSION = "2023-06-01";

    /** A longer answer takes so many minutes that a connection on which nothing moves would not last. */
    private static final long LONGEST_IN_ONE_PIECE = 16_384;

    private final UpstreamRoute streams;
    private final UpstreamRoute wholes;

    private AnthropicProvider(Endpoint endpoint) {
        this.streams = endpoint.route("/v1/messages", "text/event-stream");
        this.wholes = endpoint.route("/v1/messages", "application/json");
    }

    /**
     * The provider, if {@code ANTHROPIC_API_KEY} is set; {@code ANTHROPIC_BASE_URL} says where it is, if not in its usual
     * place.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name, or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<AnthropicProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return UpstreamSettings.of("ANTHROPIC", "https://api.anthropic.com", settings)
                .map(own -> new AnthropicProvider(new Endpoint(
                        http, ID, own.base(), Map.of("x-api-key", own.key(), "anthropic-version", VERSION))));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        byte[] body = RequestWriter.write(call, request, true);
        MessageReader message = new MessageReader(sink, ToolWriter.hasTools(request));
        try (UpstreamResponse response = post(streams, call, body)) {
            if (response.isJson()) {
                return message.whole(response.whole());
            }
            String type = response.mediaType();
            if (!type.isEmpty() && !type.equals("text/event-stream")) {
                throw UpstreamErrors.malformed("answered with something that is no stream of events", null);
            }
            return readStream(response, message);
        }
    }

    @Override
    public ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        if (RequestWriter.bound(call, request) > LONGEST_IN_ONE_PIECE) {
            return ChatProvider.super.chat(call, request);
        }
        byte[] body = RequestWriter.write(call, request, false);
        try (UpstreamResponse response = post(wholes, call, body)) {
            ChatCollector answer = new ChatCollector();
            ChatUsage usage = new MessageReader(answer, ToolWriter.hasTools(request)).whole(response.whole());
            return answer.answer(usage);
        }
    }

    @Override
    public String toString() {
        return "AnthropicProvider";
    }

    private static UpstreamResponse post(UpstreamRoute route, UpstreamCall call, byte[] body) throws UpstreamException {
        try {
            return route.post(call, body);
        } catch (UpstreamException e) {
            throw FieldNames.inOurWords(e);
        }
    }

    private static @Nullable ChatUsage readStream(UpstreamResponse response, MessageReader message)
            throws UpstreamException {
        SseReader events = new SseReader(response.body());
        while (next(events, response)) {
            if (events.length() > 0) {
                message.event(events.bytes(), events.offset(), events.length());
            }
            if (message.ended()) {
                response.finish();
                return message.usage();
            }
        }
        throw new UpstreamException(Kind.UNREACHABLE, "cut the answer off", null);
    }

    private static boolean next(SseReader events, UpstreamResponse response) throws UpstreamException {
        try {
            return events.next();
        } catch (IOException e) {
            throw response.failure(e);
        }
    }
}
