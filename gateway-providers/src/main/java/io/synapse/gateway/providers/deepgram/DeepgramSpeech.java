package io.synapse.gateway.providers.deepgram;

import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.JoinedSound;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import io.synapse.gateway.providers.internal.media.Sentences;
import io.synapse.gateway.providers.internal.media.Sounds;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Speech by Deepgram: its API reference, "Text to Speech". A model of its is one voice in one language,
 * {@code aura-2-thalia-en}. Safe for use by many threads.
 */
final class DeepgramSpeech {
    /** Other samples would not be what was asked for; answers that come elsewhere would be paid for and not had. */
    private static final Set<String> OWNED = Set.of(
            "text", "model", "encoding", "container", "sample_rate", "callback", "callback_method", "mip_opt_out");

    private static final int LONGEST_TEXT = 2_000;
    private static final Pattern MODEL = Pattern.compile("(aura(?:-[0-9]+)?)-([a-z]+)-([a-z]{2}(?:-[a-z]{2})?)");
    private static final Pattern VOICE = Pattern.compile("[a-z]{1,40}");

    private final Endpoint endpoint;

    DeepgramSpeech(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    void speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        String format = request.format() == null ? "mp3" : request.format();
        List<String> parts = parts(request.input(), format);
        UpstreamRoute route = endpoint.route(Query.of("/v1/speak", options(call, request, format)), "*/*");
        if (parts.size() == 1) {
            try (UpstreamResponse response = post(route, call, request.input())) {
                Sounds.pass(response, format, sink);
            }
            return;
        }
        JoinedSound joined = new JoinedSound(sink, format);
        for (String part : parts) {
            try (UpstreamResponse response = post(route, call, part)) {
                joined.add(response);
            }
        }
    }

    private static List<String> parts(String input, String format) throws UpstreamException {
        if (input.length() <= LONGEST_TEXT) {
            return List.of(input);
        }
        if (!JoinedSound.joins(format)) {
            throw UpstreamErrors.unsupported(
                    "input",
                    "Deepgram speaks at most " + LONGEST_TEXT + " characters as " + format
                            + ". Send less, or ask for mp3, wav, aac or pcm.");
        }
        return Sentences.parts(input, LONGEST_TEXT);
    }

    private static UpstreamResponse post(UpstreamRoute route, UpstreamCall call, String text) throws UpstreamException {
        try {
            return route.post(call, Json.write(Map.of("text", text)));
        } catch (UpstreamException e) {
            throw UpstreamErrors.about(e, param(e.getMessage()));
        }
    }

    /** It names no field; its words do. */
    private static @Nullable String param(String message) {
        if (message.contains("character limit")) {
            return "input";
        }
        return message.contains("speed") ? "speed" : null;
    }

    private static Map<String, @Nullable Object> options(UpstreamCall call, SpeechRequest request, String format)
            throws UpstreamException {
        if (request.instructions() != null) {
            throw UpstreamErrors.unsupported(
                    "instructions", "Deepgram takes no instructions. Leave them out, or choose another model.");
        }
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put("model", request.voice() == null ? call.model() : model(call.model(), request.voice()));
        boolean samples = format.equals("wav") || format.equals("pcm");
        options.put("encoding", samples ? "linear16" : format);
        switch (format) {
            case "wav" -> options.put("container", "wav");
            case "pcm" -> options.put("container", "none");
            case "opus" -> options.put("container", "ogg");
            default -> {
                // The others are no streams of samples and have no container.
            }
        }
        if (samples) {
            options.put("sample_rate", 24_000);
        }
        Double speed = request.speed();
        if (speed != null) {
            options.put("speed", BigDecimal.valueOf(speed).stripTrailingZeros().toPlainString());
        }
        ProviderOptions.merge(options, request.body(), DeepgramProvider.ID, OWNED);
        for (Map.Entry<String, @Nullable Object> option : options.entrySet()) {
            Object value = option.getValue();
            if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                String path = "providerOptions." + DeepgramProvider.ID + "." + option.getKey();
                throw UpstreamErrors.rejected(path, "'" + path + "' must be a string, a number or a boolean.");
            }
        }
        return options;
    }

    /** The model that speaks with another voice: of the same family, which has one price, and in the same language. */
    private static String model(String model, String voice) throws UpstreamException {
        Matcher own = MODEL.matcher(model);
        if (own.matches() && VOICE.matcher(voice).matches()) {
            return own.group(1) + "-" + voice + "-" + own.group(3);
        }
        Matcher other = MODEL.matcher(voice);
        if (own.matches() && other.matches() && own.group(1).equals(other.group(1))) {
            return voice;
        }
        throw UpstreamErrors.unsupported(
                "voice",
                "Deepgram's voices are names such as thalia, or models of the same family such as " + model + ".");
    }
}
