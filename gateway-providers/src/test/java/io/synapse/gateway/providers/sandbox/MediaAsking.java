package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.call;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;

/** Asks the sandbox for pictures, films, sounds and vectors, and reads what comes with the JDK's own readers. */
final class MediaAsking {
    private MediaAsking() {}

    static Map<String, Object> body(Object... namesAndValues) {
        Map<String, Object> body = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            body.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return body;
    }

    static ImageRequest drawing(Object... fields) {
        return ImageRequest.of(body(fields), null, null);
    }

    /** A picture file whose pixels, {@code 0xAARRGGBB}, are a function of their place. */
    static Media picture(String format, int width, int height, IntBinaryOperator argb) {
        boolean alpha = format.equals("png");
        BufferedImage image =
                new BufferedImage(width, height, alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, argb.applyAsInt(x, y));
            }
        }
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(image, format, bytes);
            return new Media(bytes.toByteArray(), "image/" + format);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BufferedImage decoded(Media media) {
        try {
            return ImageIO.read(new ByteArrayInputStream(media.bytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static VideoRequest film(Object... fields) {
        return VideoRequest.of(body(fields), null);
    }

    static EmbeddingRequest texts(String... texts) {
        return EmbeddingRequest.of(body("model", "m", "input", List.of(texts)));
    }

    static SpeechRequest says(Object... fields) {
        return SpeechRequest.of(body(fields));
    }

    /** Keeps what is spoken. */
    static class Recorder implements SpeechSink {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String type = "";
        int pieces;

        @Override
        public void begins(String media) {
            type += media;
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            pieces++;
            bytes.write(buffer, offset, length);
        }
    }

    static Media spoken(SpeechRequest request) throws UpstreamException {
        Recorder recorder = new Recorder();
        SANDBOX.speak(call("m", -1), request, recorder);
        return new Media(recorder.bytes.toByteArray(), recorder.type);
    }

    static TranscriptionRequest recording(byte[] sound, long millis, Object... form) {
        Map<String, Object> fields = body(form);
        fields.put("model", "whisper-large-v3-turbo");
        return TranscriptionRequest.of(fields, List.of(), new Media(sound, "audio/wav"), "a.wav", millis);
    }

    static Transcript heard(byte[] sound, long millis, Object... form) throws UpstreamException {
        return SANDBOX.transcribe(call("m", -1), recording(sound, millis, form));
    }
}
