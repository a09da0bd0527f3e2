package io.synapse.gateway.providers.fal;

import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.HttpImageProviderContract;
import io.synapse.gateway.testkit.HttpVideoProviderContract;
import io.synapse.gateway.testkit.ImageFeature;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** The contracts, for jobs in fal's queue. */
class FalContractTest {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    private static FalProvider provider(URI upstream) {
        Polling quick = new Polling(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(5));
        return new FalProvider(FalProvider.endpoint(HTTP, upstream, FalWire.KEY), quick, quick);
    }

    @Nested
    class Pictures extends HttpImageProviderContract {
        @Override
        protected ImageProvider providerAt(URI upstream) {
            return provider(upstream);
        }

        @Override
        protected UpstreamFormat<Images> format() {
            return new Queue<>() {
                @Override
                Map<String, ?> result(Request request, Images images) {
                    List<Map<String, String>> all = images.pictures().stream()
                            .map(picture -> Map.of("url", request.hosted(picture.media())))
                            .toList();
                    return Map.of("images", all, "seed", 42);
                }
            };
        }

        @Override
        protected String upstreamModel() {
            return "fal-ai/flux/schnell";
        }

        @Override
        protected Set<ImageFeature> features() {
            return EnumSet.of(ImageFeature.SIZE, ImageFeature.SEVERAL, ImageFeature.PROVIDER_OPTIONS);
        }

        @Override
        protected Set<ImageFeature> hints() {
            return EnumSet.of(ImageFeature.STYLE);
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.NEVER;
        }
    }

    @Nested
    class Films extends HttpVideoProviderContract {
        @Override
        protected VideoProvider providerAt(URI upstream) {
            return provider(upstream);
        }

        @Override
        protected UpstreamFormat<Video> format() {
            return new Queue<>() {
                @Override
                Map<String, ?> result(Request request, Video film) {
                    return Map.of("video", Map.of("url", request.hosted(film.media())));
                }
            };
        }

        @Override
        protected String upstreamModel() {
            return "fal-ai/veo3.1";
        }

        @Override
        protected Set<VideoFeature> features() {
            return EnumSet.allOf(VideoFeature.class);
        }

        @Override
        protected Object value(VideoFeature feature) {
            return feature == VideoFeature.SECONDS ? 8 : feature.example();
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.NEVER;
        }
    }

    /** The queue: a job is submitted, asked about at one URL, and its result fetched at another. */
    private abstract static class Queue<A> implements JobFormat<A> {
        abstract Map<String, ?> result(Request request, A answer);

        @Override
        public Answer answers(Request request, A answer) {
            return stands(request, FalWire.DONE, Answer.json(200, PlainJson.write(result(request, answer))));
        }

        @Override
        public Answer runs(Request request) {
            return stands(request, "{\"status\":\"IN_PROGRESS\"}", Answer.hangUp());
        }

        @Override
        public Answer failsLater(Request request, Kind kind) {
            return stands(
                    request,
                    "{\"status\":\"COMPLETED\",\"error\":\"it broke\"}",
                    Answer.json(kind == Kind.REJECTED ? 422 : 500, "{\"detail\":\"it broke\"}"));
        }

        @Override
        public boolean cancels(Request request) {
            return request.method().equals("PUT");
        }

        private static Answer stands(Request request, String status, Answer result) {
            if (request.method().equals("POST")) {
                String job = request.url("/fal-ai/flux/requests/764c");
                return Answer.json(
                        200,
                        PlainJson.write(Map.of(
                                "status",
                                "IN_QUEUE",
                                "response_url",
                                job,
                                "status_url",
                                job + "/status",
                                "cancel_url",
                                job + "/cancel")));
            }
            return request.path().endsWith("/status") ? Answer.json(200, status) : result;
        }
    }
}
