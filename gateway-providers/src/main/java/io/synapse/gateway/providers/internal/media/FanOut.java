package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.provider.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks an upstream that makes one thing at a time for several, at once. */
public final class FanOut {
    private FanOut() {}

    /**
     * One of several questions.
     *
     * @param <T> its answer
     */
    @FunctionalInterface
    public interface Question<T> {
        /**
         * Asks.
         *
         * @param index which of the questions it is, from 0
         */
        T ask(int index) throws UpstreamException;
    }

    /**
     * Asks so many questions, each on a thread of its own, and waits for all of them.
     *
     * @return the answers, in the order of the questions
     * @throws UpstreamException the first failure, if any fails: what was asked for was all of them
     */
    public static <T> List<T> of(int count, Question<T> question) throws UpstreamException {
        if (count == 1) {
            return List.of(question.ask(0));
        }
        List<Future<T>> asked = new ArrayList<>(count);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int index = i;
                asked.add(threads.submit(() -> question.ask(index)));
            }
        }
        List<T> answers = new ArrayList<>(count);
        for (Future<T> each : asked) {
            answers.add(result(each));
        }
        return answers;
    }

    private static <T> T result(Future<T> done) throws UpstreamException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case UpstreamException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(UpstreamException.Kind.UNREACHABLE, "the call was interrupted", e);
        }
    }
}
