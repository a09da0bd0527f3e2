package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer, whole or chunk by chunk: each is a {@code GenerateContentResponse}. What is said is passed on as it
 * comes; the ends are passed on when all has come, because nothing else marks the end of an answer. For one thread.
 */
final class AnswerReader {
    private final CandidateReader[] candidates;
    private @Nullable ChatUsage usage;
    private boolean begun;
    private boolean blocked;

    /** Reads so many choices. */
    AnswerReader(int choices, ChatSink sink) {
        candidates = new CandidateReader[choices];
        for (int i = 0; i < choices; i++) {
            candidates[i] = new CandidateReader(i, sink);
        }
    }

    /** Reads an answer or a chunk of one. */
    void read(Map<String, @Nullable Object> answer) throws UpstreamException {
        List<@Nullable Object> said = Json.asList(answer.get("candidates"));
        if (said != null && !said.isEmpty()) {
            // The figures count up from chunk to chunk: those from before these words are out of date.
            usage = null;
            begun = true;
            for (Object each : said) {
                candidate(Json.asObject(each));
            }
        } else if (answer.get("promptFeedback") instanceof Map<?, ?> feedback
                && feedback.get("blockReason") instanceof String) {
            blocked = true;
        }
        if (answer.get("usageMetadata") != null) {
            usage = UsageReader.read(answer.get("usageMetadata"));
        }
    }

    private void candidate(@Nullable Map<String, @Nullable Object> candidate) throws UpstreamException {
        if (candidate == null) {
            throw UpstreamErrors.malformed("answered with a candidate that is no object", null);
        }
        // A zero is left out.
        Object index = candidate.getOrDefault("index", 0);
        if (!(index instanceof Integer number) || number < 0 || number >= candidates.length) {
            throw UpstreamErrors.malformed("answered with a candidate that nobody asked for", null);
        }
        candidates[number].read(candidate);
    }

    /** Whether every choice that has begun has ended; fewer of them than were asked for are fewer. */
    boolean finished() {
        if (!begun) {
            return blocked;
        }
        for (CandidateReader candidate : candidates) {
            if (candidate.seen() && !candidate.finished()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Passes the ends on.
     *
     * @param streamed whether more could have come
     */
    void end(boolean streamed) throws UpstreamException {
        if (!finished()) {
            if (begun && streamed) {
                throw new UpstreamException(Kind.UNREACHABLE, "cut the answer off", null);
            }
            throw UpstreamErrors.malformed("answered with something that is no whole answer", null);
        }
        boolean gap = false;
        for (CandidateReader candidate : candidates) {
            if (!begun) {
                candidate.blocked();
            } else if (!candidate.seen()) {
                gap = true;
            } else if (gap) {
                throw UpstreamErrors.malformed("numbered its candidates wrongly", null);
            } else {
                candidate.end();
            }
        }
    }

    /** What the upstream said that the answer used, or null. */
    @Nullable
    ChatUsage usage() {
        return usage;
    }
}
