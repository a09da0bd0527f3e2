package io.synapse.gateway.testkit.guide;

import io.synapse.gateway.media.Video;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.testkit.HttpVideoProviderContract;
import io.synapse.gateway.testkit.UsageTold;
import io.synapse.gateway.testkit.VideoFeature;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.JobFormat;
import io.synapse.gateway.testkit.fake.Request;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

// guide: diorama-test
class DioramaFilmsTest extends HttpVideoProviderContract {
    @Override
    protected VideoProvider providerAt(URI upstream) {
        return new DioramaFilms(upstream, "a-key", Duration.ofMillis(1));
    }

    @Override
    protected JobFormat<Video> format() {
        return new DioramaFormat();
    }

    @Override
    protected Set<VideoFeature> features() {
        return EnumSet.of(VideoFeature.SECONDS, VideoFeature.SEED, VideoFeature.PROVIDER_OPTIONS);
    }

    @Override
    protected UsageTold usageTold() {
        return UsageTold.NEVER;
    }

    /** How Diorama writes. */
    private static final class DioramaFormat implements JobFormat<Video> {
        @Override
        public Answer answers(Request request, Video film) {
            return job(
                    request,
                    "\"done\",\"url\":\"%s\",\"seconds\":%s"
                            .formatted(request.hosted(film.media()), film.durationMillis() / 1000.0));
        }

        @Override
        public Answer runs(Request request) {
            return job(request, "\"running\"");
        }

        @Override
        public Answer failsLater(Request request, Kind kind) {
            return job(request, "\"failed\"");
        }

        @Override
        public boolean cancels(Request request) {
            return request.method().equals("DELETE");
        }

        private static Answer job(Request request, String state) {
            return Answer.json(
                    200, request.method().equals("POST") ? "{\"id\":\"job-1\"}" : "{\"state\":" + state + "}");
        }
    }
}
// guide: end
