package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An upstream behind HTTP, on a real socket, in any format. Safe for use by many threads. */
public final class HttpChatUpstream implements ChatUpstream {
    private final FakeUpstream server = new FakeUpstream();
    private final Scripts<Answer> scripts = new Scripts<>();
    private final ChatFormat format;

    /** Starts it. */
    public HttpChatUpstream(ChatFormat format) {
        this.format = format;
        server.answerAll(request -> {
            Answer next = scripts.next();
            return next == null ? Answer.json(501, "{\"error\":\"nothing was scripted\"}") : next;
        });
    }

    /** The server beneath. */
    public FakeUpstream server() {
        return server;
    }

    /** Where it listens. */
    public URI uri() {
        return server.uri();
    }

    @Override
    public HttpChatUpstream says(@Nullable Tokens usage, String... pieces) {
        return script(exchange ->
                format.says(exchange.request(), usage, List.of(pieces)).write(exchange));
    }

    @Override
    public HttpChatUpstream saysSeveral(Tokens usage, String... choices) {
        return script(exchange ->
                format.saysSeveral(exchange.request(), usage, List.of(choices)).write(exchange));
    }

    @Override
    public HttpChatUpstream callsTool(String name, String... argumentPieces) {
        return script(exchange -> format.callsTool(exchange.request(), name, List.of(argumentPieces))
                .write(exchange));
    }

    @Override
    public HttpChatUpstream fails(Kind kind, @Nullable Duration retryAfter, @Nullable String param) {
        return script(exchange ->
                format.fails(exchange.request(), kind, retryAfter, param).write(exchange));
    }

    @Override
    public HttpChatUpstream failsMidway(String... pieces) {
        return script(exchange -> {
            format.begins(exchange.request(), List.of(pieces)).write(exchange);
            format.failsWithin(exchange.request()).write(exchange);
        });
    }

    @Override
    public HttpChatUpstream stalls(String... pieces) {
        return script(exchange -> {
            if (pieces.length > 0) {
                format.begins(exchange.request(), List.of(pieces)).write(exchange);
            }
            exchange.await(new Gate());
        });
    }

    @Override
    public HttpChatUpstream cutsOff(String... pieces) {
        return script(exchange -> {
            if (pieces.length > 0) {
                format.begins(exchange.request(), List.of(pieces)).write(exchange);
            }
            throw new CutException();
        });
    }

    @Override
    public HttpChatUpstream talksNonsense() {
        return script(exchange -> format.nonsense(exchange.request()).write(exchange));
    }

    @Override
    public int calls() {
        return server.requests().size();
    }

    @Override
    public String lastRequest() {
        Request last = server.lastRequest();
        return last.path() + "\n" + last.text();
    }

    @Override
    public OptionalLong lastBound() {
        return format.bound(server.lastRequest());
    }

    @Override
    public void awaitCalls(int count) {
        server.awaitRequests(count);
    }

    @Override
    public void awaitHangUps(int count) {
        server.awaitHangUps(count);
    }

    @Override
    public void close() {
        server.close();
    }

    private HttpChatUpstream script(Answer script) {
        scripts.add(script);
        return this;
    }
}
