package io.synapse.gateway.testkit;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An adapter for everything but chat that does all right but for one fault. Its upstream writes as {@link HouseFormats} say. */
final class House
        implements ImageProvider,
                ImageEditProvider,
                VideoProvider,
                SpeechProvider,
                TranscriptionProvider,
                EmbeddingProvider {
    private static final Duration FAREWELL = Duration.ofSeconds(10);
    private final HouseWire wire;

    House(URI base, Fault fault) {
        this.wire = new HouseWire(base, fault);
    }

    @Override
    public String id() {
        return wire.has(Fault.SHOUTS_ITS_NAME) ? "HOUSE!" : "house";
    }

    @Override
    public Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        refuse("negative_prompt", request.negativePrompt());
        Map<String, Object> body = body(call, "prompt", request.prompt(), request.body());
        put(body, "n", wire.has(Fault.DRAWS_ONE_OF_SEVERAL) || request.count() == 1 ? null : request.count());
        put(body, "size", request.size() == null ? null : request.size().toString());
        put(body, "quality", wire.has(Fault.DROPS_WHAT_IT_DECLARED) ? null : request.quality());
        put(body, "style", request.style());
        return pictures(call, wire.post(call, "/draw", body), request);
    }

    @Override
    public Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        refuse("negative_prompt", request.negativePrompt());
        Map<String, Object> body = body(call, "prompt", request.prompt(), request.body());
        put(body, "n", request.count() == 1 ? null : request.count());
        put(body, "size", request.size() == null ? null : request.size().toString());
        put(body, "quality", request.quality());
        put(body, "style", request.style());
        put(body, "picture", wire.has(Fault.FORGETS_THE_PICTURE) ? null : base64(request.source()));
        put(body, "mask", wire.has(Fault.FORGETS_THE_MASK) ? null : base64(request.mask()));
        return pictures(call, wire.post(call, "/edit", body), request);
    }

    private Images pictures(UpstreamCall call, Map<String, Object> answer, ImageRequest request)
            throws UpstreamException {
        List<Picture> pictures = new ArrayList<>();
        for (Object url : list(answer, "pictures")) {
            if (pictures.size() == request.count() && !wire.has(Fault.HANDS_ON_WHATEVER_CAME)) {
                break;
            }
            try {
                byte[] bytes = wire.file(call, (String) url);
                pictures.add(new Picture(new Media(bytes, "image/png"), null));
            } catch (UpstreamException e) {
                if (!wire.has(Fault.SKIPS_PICTURES_THAT_FAIL) || pictures.isEmpty()) {
                    throw e;
                }
            }
        }
        return new Images(pictures, usage(answer, Unit.IMAGES));
    }

    @Override
    public Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        refuse("size", request.size());
        Map<String, Object> body = body(call, "prompt", request.prompt(), request.body());
        put(body, "seconds", request.seconds());
        put(body, "seed", wire.has(Fault.DROPS_WHAT_IT_DECLARED) ? null : request.seed());
        put(body, "picture", wire.has(Fault.FORGETS_THE_PICTURE) ? null : base64(request.firstFrame()));
        if (!(wire.post(call, "/films", body).get("job") instanceof String job)) {
            throw HouseWire.malformed();
        }
        Map<String, Object> film = ended(call, "/films/" + job);
        if (!(film.get("url") instanceof String url) || !(film.get("millis") instanceof Integer millis)) {
            throw HouseWire.malformed();
        }
        return new Video(
                new Media(wire.file(call, url), "video/mp4"),
                wire.has(Fault.TELLS_SECONDS) ? millis / 1_000 : millis,
                usage(film, Unit.MILLISECONDS));
    }

    private Map<String, Object> ended(UpstreamCall call, String path) throws UpstreamException {
        CountDownLatch stopped = new CountDownLatch(1);
        call.onCancel(stopped::countDown);
        boolean over = wire.has(Fault.NEVER_CANCELS_JOBS);
        try {
            while (true) {
                Map<String, Object> job =
                        HouseWire.json(wire.whole(call, wire.to(path).build()));
                if ("failed".equals(job.get("state"))) {
                    over = true;
                    throw new UpstreamException(
                            wire.has(Fault.TAKES_EVERY_FAILED_JOB_FOR_NONSENSE) ? Kind.MALFORMED : Kind.FAILED,
                            "failed",
                            null);
                }
                if (!"running".equals(job.get("state"))) {
                    over |= !wire.has(Fault.CANCELS_JOBS_THAT_ENDED);
                    return job;
                }
                if (wire.has(Fault.ASKS_ONCE)) {
                    throw new UpstreamException(Kind.FAILED, "takes too long", null);
                }
                boolean gone = stopped.await(1, TimeUnit.MILLISECONDS)
                        || call.remaining().isZero();
                if (gone && !wire.has(Fault.CANNOT_BE_STOPPED)) {
                    throw wire.broken(call, new IllegalStateException());
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            if (!over) {
                cancel(path);
            }
        }
    }

    private void cancel(String path) {
        UpstreamCall farewell = new UpstreamCall("x", "m", OptionalLong.empty(), FAREWELL);
        for (int attempt = 1; attempt <= 2; attempt++) {
            try {
                wire.send(farewell, wire.to(path).DELETE().build(), BodyHandlers.discarding());
                return;
            } catch (UpstreamException e) {
                // The first may have got the connection that the stopped call was just closing.
            }
        }
    }

    @Override
    public Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        refuse("instructions", request.instructions());
        Map<String, Object> body = body(call, "input", request.input(), request.body());
        put(body, "voice", request.voice());
        put(body, "format", request.format());
        put(body, "speed", wire.has(Fault.DROPS_WHAT_IT_DECLARED) ? null : request.speed());
        boolean wav = "wav".equals(request.format()) || wire.has(Fault.CALLS_EVERYTHING_WAV);
        String type = wav ? "audio/wav" : "audio/mpeg";
        if (wire.has(Fault.BEGINS_TOO_EARLY)) {
            sink.begins(type);
        }
        wire.stream(call, wire.posted("/speak", body), sound -> {
            byte[] buffer = wire.has(Fault.WAITS_FOR_THE_END) ? sound.readAllBytes() : new byte[1_000];
            int count = wire.has(Fault.WAITS_FOR_THE_END) ? buffer.length : sound.read(buffer);
            boolean nonsense = count < 1 || buffer[0] == '{';
            if (nonsense && !wire.has(Fault.TAKES_NONSENSE_FOR_AN_ANSWER)) {
                throw HouseWire.malformed();
            }
            if (!wire.has(Fault.BEGINS_TOO_EARLY)) {
                sink.begins(type);
            }
            for (; count > 0; count = sound.read(buffer)) {
                pass(sink, buffer, count);
            }
        });
        return null;
    }

    private void pass(SpeechSink sink, byte[] buffer, int count) throws UpstreamException {
        try {
            sink.bytes(buffer, 0, count);
        } catch (IllegalStateException e) {
            if (wire.has(Fault.WRAPS_THE_SINKS_EXCEPTION)) {
                throw new UpstreamException(Kind.FAILED, "sink", e);
            }
            throw e;
        }
    }

    @Override
    public Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        refuse("prompt", request.prompt());
        Map<String, Object> body =
                body(call, "recording", wire.has(Fault.FORGETS_THE_PICTURE) ? "" : base64(request.audio()), Map.of());
        put(body, "language", wire.has(Fault.DROPS_WHAT_IT_DECLARED) ? null : request.language());
        put(body, "temperature", request.temperature());
        put(body, "times", request.granularities().isEmpty() ? null : List.copyOf(request.granularities()));
        Map<String, Object> answer = wire.post(call, "/write", body);
        Object text =
                wire.has(Fault.TAKES_NONSENSE_FOR_AN_ANSWER) ? answer.getOrDefault("text", "") : answer.get("text");
        if (!(text instanceof String said) || (said.isEmpty() && wire.has(Fault.TAKES_SILENCE_FOR_A_FAILURE))) {
            throw HouseWire.malformed();
        }
        List<Part> words = new ArrayList<>();
        List<?> written =
                wire.has(Fault.FORGETS_THE_TIMES) ? List.of() : (List<?>) answer.getOrDefault("words", List.of());
        for (Object each : written) {
            List<?> word = (List<?>) each;
            words.add(new Part((Integer) word.get(0), (Integer) word.get(1), (String) word.get(2)));
        }
        List<Part> segments = words.isEmpty()
                ? List.of()
                : List.of(new Part(0, words.getLast().endMillis(), said));
        String kept = wire.has(Fault.LOSES_THE_ANSWER) && !said.isEmpty() ? said.substring(1) : said;
        return new Transcript(kept, null, segments, words, usage(answer, Unit.MILLISECONDS));
    }

    @Override
    public Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        if (!request.tokens().isEmpty()) {
            refuse("input", request.tokens());
        }
        boolean first = wire.has(Fault.ASKS_FOR_THE_FIRST_INPUT);
        List<String> texts = first ? request.texts().subList(0, 1) : request.texts();
        Map<String, Object> body = body(call, "texts", texts, request.body());
        put(body, "dimensions", request.dimensions());
        put(body, "a_field_of_tomorrow", request.body().get("a_field_of_tomorrow"));
        Map<String, Object> answer = wire.post(call, "/embed", body);
        List<float[]> vectors = new ArrayList<>();
        for (Object row : list(answer, "vectors")) {
            List<?> numbers = (List<?>) row;
            float[] vector = new float[numbers.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = ((Number) numbers.get(i)).floatValue();
            }
            vectors.add(vector);
        }
        boolean ragged = vectors.stream().anyMatch(vector -> vector.length != vectors.getFirst().length);
        if ((ragged && !wire.has(Fault.TAKES_RAGGED_VECTORS))
                || (vectors.size() != request.size() && !wire.has(Fault.TAKES_ANY_NUMBER_OF_VECTORS))) {
            throw HouseWire.malformed();
        }
        if (wire.has(Fault.LOSES_THE_ANSWER)) {
            vectors.sort((one, other) -> Arrays.compare(one, other));
        }
        return new Embeddings(vectors, usage(answer, Unit.INPUT_TOKENS));
    }

    private Map<String, Object> body(UpstreamCall call, String field, Object said, Map<String, Object> request)
            throws UpstreamException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", wire.has(Fault.FORGETS_THE_MODEL) ? "its-favourite" : call.model());
        put(body, field, wire.has(Fault.FORGETS_THE_REQUEST) ? "something else" : said);
        if (request.get("providerOptions") instanceof Map<?, ?> all && all.get(id()) instanceof Map<?, ?> own) {
            own.forEach((name, value) -> body.put(String.valueOf(name), value));
            if (!wire.has(Fault.LETS_OPTIONS_REPLACE_THE_MODEL)) {
                body.put("model", call.model());
            }
        }
        return body;
    }

    private void refuse(String field, Object value) throws UpstreamException {
        if (value != null && !wire.has(Fault.DROPS_WHAT_IT_DID_NOT_DECLARE)) {
            throw new UpstreamException(Kind.UNSUPPORTED, "not here", null, field, null);
        }
    }

    private List<?> list(Map<String, Object> answer, String field) throws UpstreamException {
        if (answer.get(field) instanceof List<?> list) {
            return list;
        }
        if (wire.has(Fault.TAKES_NONSENSE_FOR_AN_ANSWER)) {
            return List.of();
        }
        throw HouseWire.malformed();
    }

    private Usage usage(Map<String, Object> answer, Unit unit) {
        Object told = wire.has(Fault.FORGETS_THE_USAGE) ? null : answer.get("used");
        if (!(told instanceof Number number)) {
            return wire.has(Fault.MAKES_UP_A_USAGE) ? Usage.of(unit, 3) : null;
        }
        return number.longValue() == 0 && wire.has(Fault.TAKES_ZERO_FOR_NOTHING)
                ? null
                : Usage.of(unit, number.longValue());
    }

    private static void put(Map<String, Object> body, String field, Object value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    private static String base64(Media media) {
        return media == null ? null : Base64.getEncoder().encodeToString(media.bytes());
    }
}
