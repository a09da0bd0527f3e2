package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An upstream of anything but chat behind HTTP, on a real socket, in any format. Safe for use by many threads.
 *
 * @param <A> what a good answer holds
 */
public class HttpMediaUpstream<A> implements MediaUpstream<A> {
    private final FakeUpstream server;
    private final UpstreamFormat<A> format;
    // Changed and read within the server's lock.
    private final List<Request> heard = new ArrayList<>();
    private final List<Request> files = new ArrayList<>();
    private IntFunction<Step> script = number -> request -> Answer.json(501, "{\"error\":\"nothing was scripted\"}");
    private int hangUpsBefore;

    /** How one request is answered. */
    @FunctionalInterface
    interface Step {
        Answer answer(Request request) throws IOException;
    }

    HttpMediaUpstream(UpstreamFormat<A> format, Duration patience) {
        this.format = format;
        this.server = new FakeUpstream(patience);
        server.answerAll(this::arrived);
    }

    /**
     * Starts an upstream of that format, which may be one of jobs.
     *
     * @param patience how long it waits for what a test expects
     */
    public static <A> HttpMediaUpstream<A> of(UpstreamFormat<A> format, Duration patience) {
        return format instanceof JobFormat<A> jobs
                ? new HttpJobUpstream<>(jobs, patience)
                : new HttpMediaUpstream<>(format, patience);
    }

    /** The server beneath. */
    public final FakeUpstream server() {
        return server;
    }

    /** Where it listens. */
    public final URI uri() {
        return server.uri();
    }

    @Override
    public final void answers(A answer) {
        script(number -> well(answer));
    }

    @Override
    public final void stalls(A answer, int request) {
        script(number -> number < request ? well(answer) : asked -> Answer.stall());
    }

    @Override
    public final void cutsOff(A answer, int request) {
        script(number -> number < request
                ? well(answer)
                : asked -> Answer.cutOff(well(answer).answer(asked)));
    }

    @Override
    public final void hangsUp() {
        script(number -> request -> Answer.hangUp());
    }

    @Override
    public final void fails(Kind kind, @Nullable Duration retryAfter, @Nullable String param) {
        script(number -> request -> format.fails(request, kind, retryAfter, param));
    }

    @Override
    public final void talksNonsense() {
        script(number -> format::nonsense);
    }

    /** Answers well, but for the files that it names by URL: they are not there. */
    public final void losesFiles(A answer) {
        script(number ->
                request -> server.hosted(request) == null ? format.answers(request, answer) : Answer.json(404, "{}"));
    }

    /** The requests for files that it hosts, since it was last told what to do. */
    public final List<Request> fileRequests() {
        return server.locked(() -> List.copyOf(files));
    }

    @Override
    public final int requests() {
        return server.locked(heard::size);
    }

    @Override
    public final String heard() {
        StringBuilder text = new StringBuilder();
        for (Request request : server.locked(this::questions)) {
            text.append(request.path()).append('\n');
            text.append(URLDecoder.decode(request.path(), StandardCharsets.UTF_8));
            text.append('\n').append(body(request)).append('\n');
        }
        return text.toString();
    }

    private List<Request> questions() {
        List<Request> questions = new ArrayList<>(heard);
        questions.removeAll(files);
        return questions;
    }

    private static String body(Request request) {
        String body = new String(request.body(), StandardCharsets.ISO_8859_1).replace("\\/", "/");
        String type = request.header("Content-Type");
        int boundary = type == null ? -1 : type.indexOf("boundary=");
        return type == null || boundary < 0
                ? body
                : body.replace(type.substring(boundary + "boundary=".length()).replace("\"", ""), "boundary");
    }

    @Override
    public final void awaitRequests(int count) {
        server.await(() -> heard.size() >= count, count + " requests");
    }

    @Override
    public final void awaitHangUps(int count) {
        server.await(() -> server.hangUps() - hangUpsBefore >= count, count + " clients that hang up");
    }

    @Override
    public final void close() {
        server.close();
    }

    /** What to do from now on, by the number of the request. */
    void script(IntFunction<Step> next) {
        server.change(() -> {
            script = next;
            heard.clear();
            files.clear();
            hangUpsBefore = server.hangUps();
            told();
        });
    }

    /** It was told what to do, within the server's lock. */
    void told() {}

    /** Answers well, whatever of the answer is asked for. */
    final Step well(A answer) {
        return request -> {
            Answer file = server.hosted(request);
            return file == null ? format.answers(request, answer) : file;
        };
    }

    /** A request has come. */
    Answer arrived(Request request) {
        Step step = server.locked(() -> {
            heard.add(request);
            if (server.hosted(request) != null) {
                files.add(request);
            }
            return script.apply(heard.size());
        });
        return exchange -> {
            try {
                step.answer(request).write(exchange);
            } catch (UncheckedIOException e) {
                // From the pieces of an answer that breaks off.
                throw e.getCause();
            }
        };
    }
}
