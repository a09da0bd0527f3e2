package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import io.synapse.gateway.providers.internal.media.Films;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A film in the making: a long-running operation. The upstream has no way to be told that nobody waits for it. */
final class FilmJob implements Polling.Job<Media> {
    private static final Pattern OPERATION = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._/-]{0,499}");

    /** Where the upstream keeps files, within whatever URL it names. */
    private static final Pattern FILE =
            Pattern.compile("/files/[A-Za-z0-9_-]{1,200}:download(?:\\?[A-Za-z0-9_=&-]{0,200})?$");

    private final GeminiApi api;
    private final UpstreamCall call;
    private final UpstreamRoute operation;

    /**
     * A job that the upstream has taken on.
     *
     * @param name the operation's: {@code models/…/operations/…}
     */
    FilmJob(GeminiApi api, UpstreamCall call, @Nullable Object name) throws UpstreamException {
        if (!(name instanceof String path) || !OPERATION.matcher(path).matches() || path.contains("..")) {
            throw UpstreamErrors.malformed("took on a film without a name to ask for it by", null);
        }
        this.api = api;
        this.call = call;
        this.operation = api.endpoint().route("/" + path, GeminiApi.JSON);
    }

    @Override
    public @Nullable Media poll() throws UpstreamException, Polling.JobFailedException {
        Map<String, @Nullable Object> state = state();
        if (!Boolean.TRUE.equals(state.get("done"))) {
            return null;
        }
        Map<String, @Nullable Object> error = Json.asObject(state.get("error"));
        if (error != null) {
            throw new Polling.JobFailedException(UpstreamErrors.inside(Map.of("error", withStatus(error))));
        }
        return fetch(uri(state));
    }

    /** How it stands. An error in there is the job's own, not the question's. */
    private Map<String, @Nullable Object> state() throws UpstreamException, Polling.JobFailedException {
        try (UpstreamResponse response = operation.get(call)) {
            byte[] json = response.whole();
            return Json.readObject(json, 0, json.length);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        } catch (UpstreamException e) {
            if (e.kind() == Kind.MODEL_GONE || e.kind() == Kind.REJECTED) {
                // The model was there and the request was good: it is the operation that is not known any more.
                throw new Polling.JobFailedException(
                        new UpstreamException(Kind.FAILED, "lost a film in the making", e));
            }
            throw e;
        }
    }

    /** An operation's error has a number of Google's own in place of a status: {@code google.rpc.Code}. */
    private static Map<String, @Nullable Object> withStatus(Map<String, @Nullable Object> error) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>(error);
        if (named.remove("code") instanceof Integer code) {
            named.putIfAbsent(
                    "status",
                    switch (code) {
                        case 3, 11 -> "INVALID_ARGUMENT";
                        case 5 -> "NOT_FOUND";
                        case 7 -> "PERMISSION_DENIED";
                        case 8 -> "RESOURCE_EXHAUSTED";
                        case 9 -> "FAILED_PRECONDITION";
                        case 14 -> "UNAVAILABLE";
                        case 16 -> "UNAUTHENTICATED";
                        default -> "INTERNAL";
                    });
        }
        return named;
    }

    private static String uri(Map<String, @Nullable Object> state) throws UpstreamException {
        Map<String, @Nullable Object> outer = Json.asObject(state.get("response"));
        Map<String, @Nullable Object> response =
                outer == null ? null : Json.asObject(outer.get("generateVideoResponse"));
        if (response == null) {
            throw UpstreamErrors.malformed("finished a film that is not there", null);
        }
        if (response.get("generatedSamples") instanceof List<?> samples
                && !samples.isEmpty()
                && samples.getFirst() instanceof Map<?, ?> sample
                && sample.get("video") instanceof Map<?, ?> video
                && video.get("uri") instanceof String uri) {
            return uri;
        }
        if (response.get("raiMediaFilteredCount") != null || response.get("raiMediaFilteredReasons") != null) {
            throw UpstreamErrors.rejected(
                    "prompt", "The upstream's content rules refuse this film. Put the 'prompt' in other words.");
        }
        throw UpstreamErrors.malformed("finished a film that is not there", null);
    }

    /**
     * Fetches the film. It lies where only our key opens, so it is asked for at the place that we know; the answer may be
     * where it really is, which is told our key only if it is the same host.
     */
    private Media fetch(String uri) throws UpstreamException {
        Matcher file = FILE.matcher(uri);
        if (!file.find()) {
            return new HostedFiles(api.endpoint().http(), api.endpoint().base()).film(call, uri);
        }
        String elsewhere;
        try (UpstreamResponse response = opened(api.endpoint().route(file.group(), "*/*"))) {
            if (response.succeeded()) {
                return film(response);
            }
            elsewhere = response.header("Location");
        }
        if (elsewhere == null) {
            throw UpstreamErrors.malformed("hosts a film nowhere", null);
        }
        return elsewhere(elsewhere);
    }

    private Media elsewhere(String url) throws UpstreamException {
        UpstreamRoute own;
        try {
            own = api.endpoint().named(url, "*/*");
        } catch (UpstreamException e) {
            // Somebody else's host: no key of ours for it.
            return new HostedFiles(api.endpoint().http(), api.endpoint().base()).film(call, url);
        }
        try (UpstreamResponse response = opened(own)) {
            if (!response.succeeded()) {
                throw UpstreamErrors.malformed("hosts a film nowhere", null);
            }
            return film(response);
        }
    }

    /** Of a file a status does not mean what it means of a model: this 404 is none that is gone, this 403 no bad key. */
    private UpstreamResponse opened(UpstreamRoute route) throws UpstreamException {
        try {
            return route.getOrElsewhere(call);
        } catch (UpstreamException e) {
            if (e.kind() == Kind.MODEL_GONE || e.kind() == Kind.REJECTED || e.kind() == Kind.UNAUTHORIZED) {
                throw new UpstreamException(Kind.FAILED, "hosts a film that cannot be fetched", null);
            }
            throw e;
        }
    }

    private static Media film(UpstreamResponse response) throws UpstreamException {
        byte[] bytes = response.whole();
        String type = Films.type(bytes);
        if (type == null) {
            throw UpstreamErrors.malformed("hosts something that is no film", null);
        }
        return new Media(bytes, type);
    }
}
