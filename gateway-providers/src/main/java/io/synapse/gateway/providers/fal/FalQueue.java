package io.synapse.gateway.providers.fal;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.Polling.JobFailedException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * fal's queue: a job is submitted, asked about until it has ended, and its result fetched; by the URLs that the queue
 * names, since those of a model with a path of several parts lack some of them. Safe for use by many threads.
 */
final class FalQueue {
    private static final String JSON = "application/json";
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+");
    /** An answer that did not come, though the result is there. */
    private static final Set<Kind> PASSING =
            EnumSet.of(Kind.UNREACHABLE, Kind.TIMED_OUT, Kind.RATE_LIMITED, Kind.OVERLOADED);
    /** How a result is refused that is asked for too early; its status would blame the caller. */
    private static final String UNFINISHED = "still in progress";

    /** In seconds; the queue refuses a time limit of one. */
    private static final long LEAST_WAIT = 2;
    /** Anybody with its URL can read a file there, and we fetch it at once. */
    private static final String SHORT_LIVED = "{\"expiration_duration_seconds\":3600}";

    private final Endpoint endpoint;

    FalQueue(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Has a model work on an input, and returns what comes of it. A submission is never repeated: each is paid for. */
    Map<String, @Nullable Object> run(
            UpstreamCall call, String model, Map<String, @Nullable Object> input, Polling polling)
            throws UpstreamException {
        if (!MODEL.matcher(model).matches()) {
            throw new UpstreamException(Kind.MODEL_GONE, "has no model of a name like that", null);
        }
        UpstreamRoute submit = endpoint.route(
                "/" + model,
                JSON,
                Map.of(
                        "X-Fal-Request-Timeout",
                        String.valueOf(Math.max(
                                LEAST_WAIT, call.remaining().plusMillis(999).toSeconds())),
                        "X-Fal-Object-Lifecycle-Preference",
                        SHORT_LIVED));
        Map<String, @Nullable Object> taken;
        try (UpstreamResponse response = submit.post(call, Json.write(input))) {
            taken = object(response);
        }
        return polling.await(
                call,
                new Work(call, named(taken, "status_url"), named(taken, "response_url"), named(taken, "cancel_url")));
    }

    private UpstreamRoute named(Map<String, @Nullable Object> taken, String field) throws UpstreamException {
        if (taken.get(field) instanceof String url) {
            return endpoint.named(url, JSON);
        }
        throw UpstreamErrors.malformed("took a job on without saying where it is", null);
    }

    private static Map<String, @Nullable Object> object(UpstreamResponse response) throws UpstreamException {
        byte[] json = response.whole();
        try {
            return Json.readObject(json, 0, json.length);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    /** A job in the queue. */
    private record Work(UpstreamCall call, UpstreamRoute state, UpstreamRoute result, UpstreamRoute cancel)
            implements Polling.Job<Map<String, @Nullable Object>> {
        @Override
        public @Nullable Map<String, @Nullable Object> poll() throws UpstreamException, JobFailedException {
            Map<String, @Nullable Object> told = told();
            if (!(told.get("status") instanceof String status)) {
                throw UpstreamErrors.malformed("does not say how the job stands", null);
            }
            return switch (status) {
                case "IN_QUEUE", "IN_PROGRESS" -> null;
                // It never says that a job failed: such a job is completed too, with an error.
                case "COMPLETED" -> result(told.get("error") != null || told.get("error_type") != null ? told : null);
                default -> throw new JobFailedException(UpstreamErrors.inside(told));
            };
        }

        private Map<String, @Nullable Object> told() throws UpstreamException, JobFailedException {
            try (UpstreamResponse response = state.get(call)) {
                return object(response);
            } catch (UpstreamException e) {
                if (e.kind() == Kind.MODEL_GONE) {
                    // Not the model is missing here.
                    throw new JobFailedException(new UpstreamException(Kind.FAILED, "has lost the job", e));
                }
                throw e;
            }
        }

        /**
         * The model's own answer, with its own status; null where it is not there yet.
         *
         * @param failed what the queue said of a failure, or null if it knows of none
         */
        private @Nullable Map<String, @Nullable Object> result(@Nullable Map<String, @Nullable Object> failed)
                throws UpstreamException, JobFailedException {
            Map<String, @Nullable Object> answer;
            try (UpstreamResponse response = result.get(call)) {
                answer = object(response);
            } catch (UpstreamException e) {
                if (e.getMessage().contains(UNFINISHED)) {
                    if (failed == null) {
                        return null;
                    }
                    throw new JobFailedException(UpstreamErrors.inside(failed));
                }
                boolean passing = failed == null ? PASSING.contains(e.kind()) : e.kind() == Kind.UNREACHABLE;
                if (passing || call.stopped() != null) {
                    throw e;
                }
                throw new JobFailedException(e);
            }
            if (failed != null) {
                throw new JobFailedException(UpstreamErrors.inside(failed));
            }
            return answer;
        }

        @Override
        public void abandon(UpstreamCall farewell) throws UpstreamException {
            cancel.put(farewell).close();
        }
    }
}
