package io.synapse.gateway.providers.fal;

import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.Samples;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** fal's queue, its files, and the adapter that speaks to both. */
final class FalWire implements AutoCloseable {
    static final String KEY = "abcdef01-2345:SECRETSECRETSECRET";
    static final String DONE = "{\"status\":\"COMPLETED\",\"logs\":[],\"metrics\":{\"inference_time\":0.4}}";
    private static final Polling QUICK = new Polling(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(5));

    final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();
    final FalProvider provider = new FalProvider(FalProvider.endpoint(http, upstream.uri(), KEY), QUICK, QUICK);

    /** What the queue answers to a submission. */
    String taken() {
        String job = upstream.uri() + "/fal-ai/flux/requests/764c";
        return "{\"status\":\"IN_QUEUE\",\"request_id\":\"764c\",\"queue_position\":0,\"response_url\":\"" + job
                + "\",\"status_url\":\"" + job + "/status\",\"cancel_url\":\"" + job + "/cancel\"}";
    }

    /** Every job ends with this result at once; files hold these bytes. */
    void makes(String result, byte[] file) {
        makes(DONE, Answer.json(200, result.replace("FILES", upstream.uri() + "/files")), file);
    }

    /** Every job comes to stand like this, with this result; files hold these bytes. */
    void makes(String status, Answer result, byte[] file) {
        upstream.answerAll(request -> switch (request.method() + " " + kind(request)) {
            case "POST job" -> Answer.json(200, taken());
            case "GET status" -> Answer.json(200, status);
            case "GET job" -> result;
            case "GET file" -> Samples.file(file);
            case "PUT cancel" -> Answer.json(202, "{\"status\":\"CANCELLATION_REQUESTED\"}");
            default -> Answer.json(500, "{\"detail\":\"unexpected\"}");
        });
    }

    private static String kind(Request request) {
        if (request.path().startsWith("/files")) {
            return "file";
        }
        return request.path().endsWith("/status") ? "status" : request.path().endsWith("/cancel") ? "cancel" : "job";
    }

    /** What was submitted. */
    List<Request> submissions() {
        return upstream.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    /** The only input that was submitted. */
    Map<String, Object> input() {
        List<Request> all = submissions();
        if (all.size() != 1) {
            throw new AssertionError("submitted " + all);
        }
        return all.getFirst().json();
    }

    @Override
    public void close() {
        http.close();
        upstream.close();
    }
}
