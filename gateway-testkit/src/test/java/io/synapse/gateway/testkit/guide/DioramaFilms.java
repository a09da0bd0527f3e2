package io.synapse.gateway.testkit.guide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

// guide: diorama
/** Films by Diorama, which takes jobs on and is asked how they stand. Safe for use by many threads. */
final class DioramaFilms implements VideoProvider, AutoCloseable {
    private static final Duration FAREWELL = Duration.ofSeconds(10);
    private static final Set<String> OWNED = Set.of("model", "scene", "seconds", "count");
    private final Upstream upstream;
    private final Duration interval;

    /** @param interval how long to wait between two questions after a job */
    DioramaFilms(URI address, String key, Duration interval) {
        this.upstream = new Upstream(address, key);
        this.interval = interval;
    }

    @Override
    public String id() {
        return "diorama";
    }

    @Override
    public Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        if (request.size() != null) {
            throw Upstream.unsupported("size");
        }
        if (request.firstFrame() != null) {
            throw Upstream.unsupported("image");
        }
        ObjectNode body =
                Upstream.JSON.createObjectNode().put("model", call.model()).put("scene", request.prompt());
        if (request.seconds() != null) {
            body.put("seconds", request.seconds());
        }
        if (request.seed() != null) {
            body.put("seed", request.seed());
        }
        Upstream.merge(body, id(), request.providerOptions(id()), OWNED);

        JsonNode job = upstream.post(call, "/films", body);
        if (!job.path("id").asText().matches("[A-Za-z0-9-]{1,64}")) {
            throw Upstream.malformed("took a job on without naming it");
        }
        JsonNode film = ended(call, "/films/" + job.path("id").asText());
        if (!film.path("url").isTextual() || !film.path("seconds").isNumber()) {
            throw Upstream.malformed("finished a film that is not there");
        }
        byte[] bytes = upstream.file(call, film.path("url").asText());
        long millis = Math.round(film.path("seconds").asDouble() * 1_000);
        return new Video(new Media(bytes, "video/mp4"), millis, null);
    }

    /** Asks how a job stands until it has ended; tells the upstream if nobody waits for it any more. */
    private JsonNode ended(UpstreamCall call, String path) throws UpstreamException {
        CountDownLatch stopped = new CountDownLatch(1);
        call.onCancel(stopped::countDown);
        boolean over = false;
        try {
            while (true) {
                JsonNode job =
                        Upstream.json(upstream.send(call, upstream.to(path).build(), BodyHandlers.ofByteArray()));
                switch (job.path("state").asText()) {
                    case "done" -> {
                        over = true;
                        return job;
                    }
                    case "failed" -> {
                        over = true;
                        throw new UpstreamException(Kind.FAILED, "could not make the film", null);
                    }
                    case "queued", "running" -> pause(call, stopped);
                    default -> throw Upstream.malformed("does not say how a job stands");
                }
            }
        } finally {
            if (!over) {
                Thread.startVirtualThread(() -> cancel(call, path));
            }
        }
    }

    private void pause(UpstreamCall call, CountDownLatch stopped) throws UpstreamException {
        long nanos = Math.min(interval.toNanos(), call.remaining().toNanos());
        try {
            if (stopped.await(nanos, TimeUnit.NANOSECONDS) || call.remaining().isZero()) {
                throw Upstream.broken(call, new IllegalStateException("nobody waits any more"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(Kind.UNREACHABLE, "the wait for a job was interrupted", e);
        }
    }

    /**
     * In a call of its own: the one that it belonged to is over. Twice, if need be: the first may have got the connection
     * that the stopped call was just closing.
     */
    private void cancel(UpstreamCall call, String path) {
        UpstreamCall farewell = new UpstreamCall(call.id(), call.model(), OptionalLong.empty(), FAREWELL);
        HttpRequest request = upstream.to(path).DELETE().build();
        for (int attempt = 1; attempt <= 2; attempt++) {
            try {
                upstream.send(farewell, request, BodyHandlers.discarding());
                return;
            } catch (UpstreamException e) {
                // If the second fails too, it is made for nobody.
            }
        }
    }

    @Override
    public void close() {
        upstream.close();
    }
}
// guide: end
