package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.chat.PromptTokens;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamCall.Stop;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * An upstream that does what chance says: answers, lies about it, fails, breaks off, or says nothing for ever. When its
 * connection is closed it stops its bill, or not.
 */
final class Upstream implements ChatProvider {
    private static final TokenCounter TOKENS = TokenCounter.byBytes();
    /** One token by that counter. */
    private static final String WORD = "word";

    private static final int MOST_WORDS = 12;
    private static final Duration FAST = Duration.ofMillis(400);
    private static final Duration SLOW = Duration.ofSeconds(4);
    private static final Duration EVER = Duration.ofHours(1);
    private static final List<@Nullable Duration> WAITS =
            Arrays.asList(null, Duration.ofMillis(700), Duration.ofSeconds(3), Duration.ofHours(2));
    private static final List<Kind> KINDS = List.of(Kind.values());

    private static final List<Deed> DEEDS = List.of(
            Deed.ANSWERS,
            Deed.ANSWERS,
            Deed.ANSWERS,
            Deed.ANSWERS,
            Deed.ANSWERS,
            Deed.TELLS_NO_USAGE,
            Deed.TELLS_NO_USAGE,
            Deed.EXAGGERATES,
            Deed.LIES,
            Deed.FAILS,
            Deed.FAILS,
            Deed.FAILS,
            Deed.BREAKS_OFF,
            Deed.BREAKS_OFF,
            Deed.CRASHES,
            Deed.STALLS);

    private final String id;
    private final Scheduler scheduler;
    private final Chance chance;
    private final Made made;
    private final boolean billsAfterCancel;

    /** What it may do. */
    private enum Deed {
        ANSWERS,
        TELLS_NO_USAGE,
        /** Tells of more than it made, perhaps of more than was held. */
        EXAGGERATES,
        /** Tells of a usage that nobody can believe, or of none at all. */
        LIES,
        FAILS,
        BREAKS_OFF,
        /** Its adapter has a fault. */
        CRASHES,
        STALLS
    }

    Upstream(String id, Scheduler scheduler, Chance chance, Made made) {
        this.id = id;
        this.scheduler = scheduler;
        this.chance = chance;
        this.made = made;
        this.billsAfterCancel = chance.oneIn(2);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean billsAfterCancel() {
        return billsAfterCancel;
    }

    /** A call as it is served here. */
    private final class Served {
        final UUID charge;
        final long input;
        final ChatSink sink;
        final CountDownLatch stopped = new CountDownLatch(1);
        final int words;
        int said;

        Served(UpstreamCall call, ChatRequest request, ChatSink sink) {
            this.charge = UUID.fromString(call.id());
            this.input = PromptTokens.of(request, TOKENS::count);
            this.sink = sink;
            int most = (int) Math.min(MOST_WORDS, call.maxOutputTokens().orElse(MOST_WORDS));
            this.words = 1 + chance.below(most);
            call.onCancel(() -> {
                if (billsAfterCancel && call.stopped() == Stop.CALLER_GONE) {
                    scheduler.breach(charge + " is cancelled, and billed all the same");
                }
                stopped.countDown();
                if (chance.oneIn(8)) {
                    throw new IllegalStateException("the adapter cannot abort");
                }
            });
        }

        void speak(int count, Duration longestPause) throws UpstreamException {
            for (int i = 0; i < count; i++) {
                work(chance.upTo(longestPause));
                said++;
                made.measured(charge, input, said);
                say(ChatChunk.text(0, WORD));
            }
        }

        void say(ChatChunk chunk) {
            try {
                sink.chunk(chunk);
            } catch (RuntimeException e) {
                if (billsAfterCancel) {
                    scheduler.breach(charge + " is broken off, and billed all the same");
                }
                throw e;
            }
        }

        void work(Duration length) throws UpstreamException {
            if (scheduler.await(stopped, length)) {
                if (chance.oneIn(3)) {
                    throw new IllegalStateException("the connection was closed under the adapter");
                }
                throw new UpstreamException(Kind.UNREACHABLE, "aborted", null);
            }
        }

        ChatUsage reports(long output) {
            Usage usage = Usage.of(Unit.INPUT_TOKENS, input, Unit.OUTPUT_TOKENS, output);
            made.finished(charge, usage);
            return ChatUsage.of(usage);
        }
    }

    @Override
    public @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        Served served = new Served(call, request, sink);
        Deed deed = chance.of(DEEDS);
        scheduler.note("asked " + id + ", which " + deed, served.charge);
        made.asked(served.charge);
        Duration pause = chance.oneIn(4) ? SLOW : FAST;
        served.say(ChatChunk.begins(0));
        return switch (deed) {
            case ANSWERS -> {
                served.speak(served.words, pause);
                yield served.reports(served.words);
            }
            case TELLS_NO_USAGE -> {
                served.speak(served.words, pause);
                yield null;
            }
            case EXAGGERATES -> {
                served.speak(served.words, pause);
                yield served.reports(served.words + chance.below(40));
            }
            case LIES -> {
                served.speak(served.words, pause);
                yield ChatUsage.of(chance.oneIn(2) ? Usage.NONE : Usage.of(Unit.OUTPUT_TOKENS, Usage.MOST));
            }
            case FAILS -> {
                served.work(chance.upTo(pause));
                throw new UpstreamException(chance.of(KINDS), "fails", chance.of(WAITS), null, null);
            }
            case BREAKS_OFF -> {
                served.speak(chance.below(served.words), pause);
                throw new UpstreamException(chance.of(KINDS), "breaks off", null);
            }
            case CRASHES -> {
                served.speak(chance.below(served.words), pause);
                throw new IllegalStateException("the adapter broke");
            }
            case STALLS -> {
                served.speak(chance.below(served.words), pause);
                served.work(EVER);
                scheduler.breach("nobody stopped " + served.charge + " for an hour");
                throw new UpstreamException(Kind.TIMED_OUT, "an hour without an answer", null);
            }
        };
    }
}
