package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.models.audio.AudioResponseFormat;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionVerbose;
import com.openai.models.audio.transcriptions.TranscriptionWord;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The official SDK's methods for the modalities beside chat: the vectors, bytes and texts are right. */
class OpenAiSdkMediaTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @TempDir
    Path directory;

    private final OpenAIClient client = newClient();

    private static OpenAIClient newClient() {
        ApiClient who = SERVER.testClient();
        return OpenAIOkHttpClient.builder()
                .baseUrl(who.api().toString())
                .apiKey(who.key())
                .maxRetries(0)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private static byte[] bytes(ImagesResponse response) {
        return Base64.getDecoder()
                .decode(response.data().orElseThrow().getFirst().b64Json().orElseThrow());
    }

    private static BufferedImage picture(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    @Test
    void embeddings_in_the_sdks_own_encoding() {
        CreateEmbeddingResponse response = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("bge-base-en")
                        .inputOfArrayOfStrings(List.of("one", "two"))
                        .build());
        assertThat(response.data()).hasSize(2);
        assertThat(response.data().get(1).index()).isEqualTo(1);
        List<Float> vector = response.data().getFirst().embedding();
        assertThat(vector).hasSize(768);
        double length =
                vector.stream().mapToDouble(number -> number * (double) number).sum();
        assertThat(length).isBetween(0.99, 1.01);
        assertThat(response.usage().promptTokens()).isPositive();
    }

    @Test
    void images_and_edits() throws IOException {
        byte[] drawn = bytes(client.images()
                .generate(ImageGenerateParams.builder()
                        .model("flux-schnell")
                        .prompt("A lake")
                        .size(ImageGenerateParams.Size.of("512x512"))
                        .build()));
        assertThat(picture(drawn).getWidth()).isEqualTo(512);

        Path file = Files.write(directory.resolve("lake.png"), drawn);
        byte[] edited = bytes(client.images()
                .edit(ImageEditParams.builder()
                        .model("flux-kontext")
                        .image(file)
                        .prompt("In black and white")
                        .build()));
        assertThat(picture(edited).getWidth()).isEqualTo(512);
        assertThat(edited).isNotEqualTo(drawn);
    }

    @Test
    void floats_are_the_numbers_of_the_sdks_own_encoding() {
        EmbeddingCreateParams.Builder fox =
                EmbeddingCreateParams.builder().model("bge-base-en").input("The quick brown fox");
        List<Float> decoded =
                client.embeddings().create(fox.build()).data().getFirst().embedding();
        List<Float> written = client.embeddings()
                .create(fox.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build())
                .data()
                .getFirst()
                .embedding();
        assertThat(decoded).isEqualTo(written).anyMatch(number -> number != 0);
    }

    @Test
    void an_edit_stays_within_its_mask() throws IOException {
        BufferedImage source = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
        BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
        for (int x = 0; x < 64; x++) {
            for (int y = 0; y < 64; y++) {
                source.setRGB(x, y, 0xFFCC3311);
                mask.setRGB(x, y, x < 32 ? 0 : 0xFF000000);
            }
        }
        // As bytes both go out as application/octet-stream and without a name.
        ImagesResponse response = client.images()
                .edit(ImageEditParams.builder()
                        .model("flux-kontext")
                        .image(png(source))
                        .mask(png(mask))
                        .prompt("In black and white")
                        .n(1)
                        .build());
        BufferedImage edited = picture(bytes(response));
        assertThat(edited.getRGB(10, 10)).as("where the mask is transparent").isNotEqualTo(0xFFCC3311);
        assertThat(edited.getRGB(50, 10)).as("where it is not").isEqualTo(0xFFCC3311);
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    @Test
    @SuppressWarnings(
            "deprecation") // The newest models answer with bytes alone, so the SDK warns of what the others take.
    void a_picture_behind_a_url() throws IOException {
        String url = client.images()
                .generate(ImageGenerateParams.builder()
                        .model("flux-schnell")
                        .prompt("A lake")
                        .size(ImageGenerateParams.Size.of("256x512"))
                        .responseFormat(ImageGenerateParams.ResponseFormat.URL)
                        .build())
                .data()
                .orElseThrow()
                .getFirst()
                .url()
                .orElseThrow();
        try (InputStream in = URI.create(url).toURL().openStream()) {
            assertThat(picture(in.readAllBytes()).getHeight()).isEqualTo(512);
        }
    }

    @Test
    void a_transcript_with_its_times() throws IOException {
        byte[] sound;
        try (HttpResponse response = client.audio()
                .speech()
                .create(SpeechCreateParams.builder()
                        .model("playai-tts")
                        .voice("Fritz-PlayAI")
                        .input("One two. Three four.")
                        .responseFormat(SpeechCreateParams.ResponseFormat.MP3)
                        .build())) {
            sound = response.body().readAllBytes();
        }
        TranscriptionVerbose verbose = client.audio()
                .transcriptions()
                .create(TranscriptionCreateParams.builder()
                        .model("whisper-large-v3-turbo")
                        .file(Files.write(directory.resolve("count.mp3"), sound))
                        .responseFormat(AudioResponseFormat.VERBOSE_JSON)
                        .addTimestampGranularity(TranscriptionCreateParams.TimestampGranularity.WORD)
                        .addTimestampGranularity(TranscriptionCreateParams.TimestampGranularity.SEGMENT)
                        .build())
                .asVerbose();
        assertThat(verbose.text()).isEqualTo("One two. Three four.");
        assertThat(verbose.duration()).isPositive();
        assertThat(verbose.segments().orElseThrow()).hasSize(2);
        assertThat(verbose.words().orElseThrow())
                .extracting(TranscriptionWord::word)
                .containsExactly("One", "two.", "Three", "four.");
        assertThat(verbose.words().orElseThrow().getLast().end()).isBetween(0.5, verbose.duration() + 0.01);
    }

    @Test
    void speech_and_its_transcription() throws IOException {
        byte[] sound;
        try (HttpResponse response = client.audio()
                .speech()
                .create(SpeechCreateParams.builder()
                        .model("playai-tts")
                        .voice("Fritz-PlayAI")
                        .input("The quick brown fox")
                        .responseFormat(SpeechCreateParams.ResponseFormat.WAV)
                        .build())) {
            sound = response.body().readAllBytes();
        }
        Path file = Files.write(directory.resolve("fox.wav"), sound);
        String text = client.audio()
                .transcriptions()
                .create(TranscriptionCreateParams.builder()
                        .model("whisper-large-v3-turbo")
                        .file(file)
                        .build())
                .asTranscription()
                .text();
        assertThat(text).isEqualTo("The quick brown fox");
    }
}
