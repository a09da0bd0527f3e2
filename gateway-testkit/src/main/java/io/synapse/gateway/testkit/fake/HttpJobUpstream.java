package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;

/**
 * An upstream behind HTTP that works on jobs, on a real socket, in any format. Safe for use by many threads.
 *
 * @param <A> what a good answer holds
 */
public final class HttpJobUpstream<A> extends HttpMediaUpstream<A> implements JobUpstream<A> {
    private final JobFormat<A> format;
    // Changed and read within the server's lock.
    private int cancellations;

    HttpJobUpstream(JobFormat<A> format, Duration patience) {
        super(format, patience);
        this.format = format;
    }

    @Override
    public void answersAfter(int questions, A answer) {
        // The first request is the submission.
        script(number -> number <= questions + 1 ? format::runs : well(answer));
    }

    @Override
    public void worksForEver() {
        script(number -> format::runs);
    }

    @Override
    public void failsLater(Kind kind) {
        script(number -> request -> format.failsLater(request, kind));
    }

    @Override
    public boolean cancellable() {
        return format.cancellable();
    }

    @Override
    public int cancellations() {
        return server().locked(() -> cancellations);
    }

    @Override
    public void awaitCancellations(int count) {
        server().await(() -> cancellations >= count, count + " cancelled jobs");
    }

    @Override
    void told() {
        cancellations = 0;
    }

    @Override
    Answer arrived(Request request) {
        if (!format.cancels(request)) {
            return super.arrived(request);
        }
        server().change(() -> cancellations++);
        return Answer.json(200, "{}");
    }
}
