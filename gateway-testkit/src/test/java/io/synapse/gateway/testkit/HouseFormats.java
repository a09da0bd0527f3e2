package io.synapse.gateway.testkit;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.JobFormat;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the upstream of {@link House} writes. */
final class HouseFormats {
    private HouseFormats() {}

    static Answer images(Request request, Images images) {
        List<String> urls = images.pictures().stream()
                .map(picture -> request.hosted(picture.media()))
                .toList();
        return answer("pictures", urls, images.usage(), Map.of());
    }

    static Answer transcript(Request request, Transcript transcript) {
        List<List<Object>> words = transcript.words().stream()
                .map(word -> List.<Object>of(word.startMillis(), word.endMillis(), word.text()))
                .toList();
        return answer("text", transcript.text(), transcript.usage(), Map.of("words", words));
    }

    static Answer embeddings(Request request, Embeddings embeddings) {
        List<List<Float>> rows = new ArrayList<>();
        for (float[] vector : embeddings.vectors()) {
            List<Float> row = new ArrayList<>();
            for (float number : vector) {
                row.add(number);
            }
            rows.add(row);
        }
        return answer("vectors", rows, embeddings.usage(), Map.of());
    }

    private static Answer answer(String field, Object value, Usage usage, Map<String, ?> more) {
        Map<String, Object> json = new LinkedHashMap<>(more);
        json.put(field, value);
        if (usage != null) {
            json.put("used", usage.quantities().values().iterator().next());
        }
        return Answer.json(200, PlainJson.write(json));
    }

    /** Films are jobs. */
    static final class Films implements JobFormat<Video> {
        @Override
        public Answer answers(Request request, Video film) {
            return request.method().equals("POST")
                    ? Answer.json(200, "{\"job\":\"7\"}")
                    : answer(
                            "state",
                            "done",
                            film.usage(),
                            Map.of("url", request.hosted(film.media()), "millis", film.durationMillis()));
        }

        @Override
        public Answer runs(Request request) {
            return stands(request, "running");
        }

        @Override
        public Answer failsLater(Request request, Kind kind) {
            return stands(request, "failed");
        }

        private static Answer stands(Request request, String state) {
            return Answer.json(
                    200, request.method().equals("POST") ? "{\"job\":\"7\"}" : "{\"state\":\"" + state + "\"}");
        }

        @Override
        public boolean cancels(Request request) {
            return request.method().equals("DELETE");
        }
    }
}
