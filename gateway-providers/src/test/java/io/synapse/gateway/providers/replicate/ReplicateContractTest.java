package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.media.Video;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.HttpVideoProviderContract;
import io.synapse.gateway.testkit.UsageTold;
import io.synapse.gateway.testkit.VideoFeature;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.JobFormat;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

/** The contract of films, for Replicate's predictions. */
class ReplicateContractTest extends HttpVideoProviderContract {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void end() {
        HTTP.close();
    }

    @Override
    protected VideoProvider providerAt(URI upstream) {
        Polling quick = new Polling(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(5));
        return new ReplicateProvider(
                ReplicateProvider.endpoint(HTTP, upstream.resolve("/v1/"), ReplicateWire.TOKEN), quick);
    }

    @Override
    protected UpstreamFormat<Video> format() {
        return new Predicted();
    }

    @Override
    protected String upstreamModel() {
        return "lightricks/ltx-video";
    }

    @Override
    protected String modelAsSent() {
        // Its version, since it cannot be asked for by its name.
        return "8c47da666861d081eeb4d1261853087de23923a268a69b63febdf5dc1dee08e4";
    }

    @Override
    protected Set<VideoFeature> features() {
        return EnumSet.complementOf(EnumSet.of(VideoFeature.SIZE));
    }

    @Override
    protected Set<Kind> jobFailures() {
        return EnumSet.of(Kind.FAILED, Kind.REJECTED, Kind.OVERLOADED);
    }

    @Override
    protected UsageTold usageTold() {
        return UsageTold.NEVER;
    }

    /** A prediction tells the same at its creation and at every question after it. */
    private static final class Predicted implements JobFormat<Video> {
        @Override
        public Answer answers(Request request, Video film) {
            return request.method().equals("POST")
                    ? prediction("starting", null, null)
                    : prediction("succeeded", request.hosted(film.media()), null);
        }

        @Override
        public Answer runs(Request request) {
            return prediction("processing", null, null);
        }

        @Override
        public Answer failsLater(Request request, Kind kind) {
            String error = switch (kind) {
                case REJECTED -> "The input was flagged by content policy";
                case OVERLOADED -> "The model is in high demand";
                default -> "CUDA out of memory";
            };
            return request.method().equals("POST")
                    ? prediction("starting", null, null)
                    : prediction("failed", null, error);
        }

        @Override
        public boolean cancels(Request request) {
            return request.path().endsWith("/cancel");
        }

        private static Answer prediction(String status, String output, String error) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("id", "gm3q");
            json.put("status", status);
            json.put("output", output);
            json.put("error", error);
            return Answer.json(200, PlainJson.write(json));
        }
    }
}
