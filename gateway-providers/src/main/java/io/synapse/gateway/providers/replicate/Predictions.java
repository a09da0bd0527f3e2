package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.Polling.JobFailedException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replicate's predictions: one is created, which may be answered when it is done already, asked about until it has ended,
 * and cancelled when nobody waits for it any more. Safe for use by many threads.
 */
final class Predictions {
    private static final String JSON = "application/json";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final byte[] NOTHING = {};
    /** In seconds: the longest that an answer may be waited for, and the shortest that a prediction may be given. */
    private static final long LONGEST_WAIT = 60;

    private static final long LEAST_LIFE = 5;
    private static final Pattern REFUSED = Pattern.compile("nsfw|flagged|content policy|moderat|\\(e005\\)|\\(e006\\)");
    private static final Pattern BUSY = Pattern.compile("high demand|\\(e003\\)|\\(e004\\)");

    private final Endpoint endpoint;
    private final Polling polling;

    Predictions(Endpoint endpoint, Polling polling) {
        this.endpoint = endpoint;
        this.polling = polling;
    }

    /**
     * Has a model work on an input, and returns the URLs of what comes of it, one at least. A creation is never repeated:
     * each is paid for.
     *
     * @param brief whether it is a matter of seconds, and the answer worth waiting for. Whoever waits cannot cancel: the
     *     answer is what names the prediction
     */
    List<String> run(UpstreamCall call, ModelName name, Map<String, @Nullable Object> input, boolean brief)
            throws UpstreamException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (name.version() != null) {
            body.put("version", name.version());
        }
        body.put("input", input);
        Map<String, @Nullable Object> created;
        try (UpstreamResponse response =
                endpoint.route(name.path(), JSON, headers(call, brief)).post(call, Json.write(body))) {
            created = object(response);
        }
        if (!(created.get("id") instanceof String id) || !ID.matcher(id).matches()) {
            throw UpstreamErrors.malformed("took a prediction on without naming it", null);
        }
        List<String> urls = ended(created);
        return urls == null ? polling.await(call, new Work(endpoint, call, id)) : urls;
    }

    private static Map<String, String> headers(UpstreamCall call, boolean brief) {
        long left = call.remaining().plusMillis(999).toSeconds();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Cancel-After", Math.max(LEAST_LIFE, left) + "s");
        if (brief) {
            headers.put("Prefer", "wait=" + Math.clamp(left, 1, LONGEST_WAIT));
        }
        return headers;
    }

    static Map<String, @Nullable Object> object(UpstreamResponse response) throws UpstreamException {
        byte[] json = response.whole();
        try {
            return Json.readObject(json, 0, json.length);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    /** What came of it, or null while it runs; a state that nobody knows yet is taken for one of those. */
    private static @Nullable List<String> ended(Map<String, @Nullable Object> prediction) throws UpstreamException {
        if (!(prediction.get("status") instanceof String status)) {
            throw UpstreamErrors.malformed("answered with something that is no prediction", null);
        }
        return switch (status) {
            case "succeeded" -> output(prediction.get("output"));
            case "failed" -> throw failure(prediction.get("error"));
            case "canceled" -> throw new UpstreamException(Kind.FAILED, "cancelled the prediction", null);
            case "aborted" -> throw new UpstreamException(Kind.TIMED_OUT, "did not start the prediction in time", null);
            default -> null;
        };
    }

    /** A URL, a list of them, or an object with some; null once they were removed. */
    private static List<String> output(@Nullable Object output) throws UpstreamException {
        Map<String, @Nullable Object> object = Json.asObject(output);
        List<@Nullable Object> list = Json.asList(output);
        List<String> urls = new ArrayList<>();
        if (object != null) {
            for (Object each : object.values()) {
                urls.add(url(each));
            }
        } else if (list != null) {
            for (Object each : list) {
                urls.add(url(each));
            }
        } else if (output != null) {
            urls.add(url(output));
        }
        if (urls.isEmpty()) {
            throw UpstreamErrors.malformed("answered without an output", null);
        }
        return urls;
    }

    private static String url(@Nullable Object file) throws UpstreamException {
        if (file instanceof String url) {
            return url;
        }
        throw UpstreamErrors.malformed("answered with an output that is no file", null);
    }

    /** A prediction's error is words alone; what they mean is told as if they had come with a status. */
    private static UpstreamException failure(@Nullable Object error) {
        String words = error instanceof String text ? text : "";
        String plain = words.toLowerCase(Locale.ROOT);
        int status = REFUSED.matcher(plain).find() ? 422 : BUSY.matcher(plain).find() ? 503 : 500;
        return UpstreamErrors.of(status, null, Json.write(Map.of("detail", words)));
    }

    /** A prediction that was created. */
    private record Work(Endpoint endpoint, UpstreamCall call, String id) implements Polling.Job<List<String>> {
        @Override
        public @Nullable List<String> poll() throws UpstreamException, JobFailedException {
            Map<String, @Nullable Object> prediction;
            try (UpstreamResponse response =
                    endpoint.route("/predictions/" + id, JSON).get(call)) {
                prediction = object(response);
            } catch (UpstreamException e) {
                if (e.kind() == Kind.MODEL_GONE) {
                    // Not the model is missing here.
                    throw new JobFailedException(new UpstreamException(Kind.FAILED, "has lost the prediction", e));
                }
                throw e;
            }
            if (!(prediction.get("status") instanceof String)) {
                throw UpstreamErrors.malformed("answered with something that is no prediction", null);
            }
            try {
                return ended(prediction);
            } catch (UpstreamException e) {
                throw new JobFailedException(e);
            }
        }

        @Override
        public void abandon(UpstreamCall farewell) throws UpstreamException {
            endpoint.route("/predictions/" + id + "/cancel", JSON)
                    .post(farewell, NOTHING)
                    .close();
        }
    }
}
