package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.Samples;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Replicate's API, its files, and the adapter that speaks to both. */
final class ReplicateWire implements AutoCloseable {
    static final String TOKEN = "r8_SECRETSECRETSECRET";
    private static final Polling QUICK = new Polling(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(5));

    final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();
    final ReplicateProvider provider = new ReplicateProvider(
            ReplicateProvider.endpoint(http, upstream.uri().resolve("/v1/"), TOKEN), QUICK);

    /** A prediction as the API tells it, whose URLs are those of the API itself, not of a proxy before it. */
    String prediction(String status, String output, String error) {
        return "{\"id\":\"gm3q\",\"model\":\"black-forest-labs/flux-schnell\",\"version\":\"hidden\",\"status\":\""
                + status + "\",\"input\":{\"prompt\":\"x\"},\"output\":"
                + output.replace("FILES", upstream.uri() + "/files")
                + ",\"error\":" + PlainJson.write(error)
                + ",\"logs\":\"\",\"data_removed\":false,\"metrics\":{\"predict_time\":0.41},\"urls\":{\"get\":"
                + "\"https://api.replicate.com/v1/predictions/gm3q\",\"cancel\":"
                + "\"https://api.replicate.com/v1/predictions/gm3q/cancel\"}}";
    }

    /** Every prediction is created like this, and then stands like that; files hold these bytes. */
    void makes(Answer created, Answer then, byte[] file) {
        upstream.answerAll(request -> {
            if (request.path().startsWith("/files")) {
                return Samples.file(file);
            }
            if (request.path().equals("/v1/files")) {
                return Answer.json(201, "{\"id\":\"f\",\"urls\":{\"get\":\"https://api.replicate.com/v1/files/f\"}}");
            }
            if (request.path().endsWith("/cancel")) {
                return Answer.json(200, prediction("canceled", "null", null));
            }
            return request.method().equals("POST") ? created : then;
        });
    }

    /** Every prediction has made this when its creation is answered. */
    void makes(String output, byte[] file) {
        makes(Answer.json(201, prediction("succeeded", output, null)), Answer.hangUp(), file);
    }

    /** The predictions that were created. */
    List<Request> creations() {
        return upstream.requests().stream()
                .filter(request ->
                        request.method().equals("POST") && request.path().endsWith("/predictions"))
                .toList();
    }

    /** The only body that a prediction was created with. */
    Map<String, Object> body() {
        List<Request> all = creations();
        if (all.size() != 1) {
            throw new AssertionError("created " + all);
        }
        return all.getFirst().json();
    }

    @Override
    public void close() {
        http.close();
        upstream.close();
    }
}
