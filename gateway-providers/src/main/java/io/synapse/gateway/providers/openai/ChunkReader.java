package io.synapse.gateway.providers.openai;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of one streamed answer and brings them into OpenAI's exact form: each choice begins with its role and
 * ends once. Takes the usage out. For one thread.
 */
final class ChunkReader {
    private static final int MOST_CHOICES = 1_000;

    private final OpenAiDialect dialect;
    private final Map<Integer, ChoiceReader> choices = new TreeMap<>();
    private @Nullable ChatUsage usage;

    ChunkReader(OpenAiDialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Reads the data of one event.
     *
     * @return the chunk to pass on, or null if there is nothing in it for the receiver
     */
    @Nullable
    ChatChunk read(byte[] data, int offset, int length) throws UpstreamException {
        Map<String, @Nullable Object> body;
        try {
            body = Json.readObject(data, offset, length);
        } catch (MalformedJsonException e) {
            throw new UpstreamException(Kind.MALFORMED, "streamed " + e.getMessage(), e);
        }
        Answers.throwIfError(body);
        if (body.containsKey("usage") || dialect.usageEnvelope() != null) {
            boolean said = body.get("usage") != null;
            ChatUsage told = Answers.usage(body, dialect);
            // Some report the sum so far with every chunk: the last word counts, nonsense too.
            if (said || told != null) {
                usage = told;
            }
        }
        List<@Nullable Object> pieces = Json.asList(body.get("choices"));
        if (pieces == null || pieces.isEmpty()) {
            return null;
        }
        List<@Nullable Object> read = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            Map<String, @Nullable Object> piece = Json.asObject(pieces.get(i));
            if (piece == null) {
                throw new UpstreamException(Kind.MALFORMED, "streamed a choice that is no object", null);
            }
            usageOfChoice(piece);
            int index = index(piece, i);
            Map<String, @Nullable Object> ready = choice(index).piece(index, piece);
            if (ready != null) {
                read.add(ready);
            }
        }
        if (read.isEmpty()) {
            return null;
        }
        body.put("choices", read);
        return new ChatChunk(body);
    }

    /** What an event of the name {@code error} means. */
    static UpstreamException error(byte[] data, int offset, int length) {
        try {
            return UpstreamErrors.inside(Json.read(data, offset, length));
        } catch (MalformedJsonException e) {
            return new UpstreamException(Kind.FAILED, "reported an error midway", e);
        }
    }

    /** What the upstream said that the answer used, or null. */
    @Nullable
    ChatUsage usage() {
        return usage;
    }

    /** Whether any choice has begun. */
    boolean started() {
        return !choices.isEmpty();
    }

    /** Whether every choice that has begun has ended. */
    boolean finished() {
        return started() && allFinished(choices.values());
    }

    /**
     * The ends of the choices whose upstream forgot them before it said that all was said.
     *
     * @param bound how many tokens each choice may have
     */
    List<ChatChunk> missingEnds(long bound) {
        boolean cutShort = choices.size() == 1 && Answers.reaches(usage, bound);
        List<ChatChunk> ends = new ArrayList<>();
        choices.forEach((index, choice) -> {
            if (!choice.finished()) {
                ends.add(ChatChunk.ends(index, choice.endOfSilence(cutShort)));
            }
        });
        return ends;
    }

    private static boolean allFinished(Collection<ChoiceReader> readers) {
        for (ChoiceReader reader : readers) {
            if (!reader.finished()) {
                return false;
            }
        }
        return true;
    }

    /** A few upstreams put the usage into the last choice. */
    private void usageOfChoice(Map<String, @Nullable Object> piece) {
        Object inChoice = piece.remove("usage");
        if (inChoice != null) {
            usage = UsageReader.read(inChoice);
        }
    }

    private ChoiceReader choice(int index) {
        return choices.computeIfAbsent(index, i -> new ChoiceReader(dialect));
    }

    private static int index(Map<String, @Nullable Object> piece, int position) throws UpstreamException {
        Object index = piece.get("index");
        if (index == null) {
            return position;
        }
        if (index instanceof Integer number && number >= 0 && number < MOST_CHOICES) {
            return number;
        }
        throw new UpstreamException(Kind.MALFORMED, "streamed a choice with an index that cannot be", null);
    }
}
