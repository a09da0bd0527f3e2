package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient.Reply;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The modalities beside chat, on a test key, over HTTP as a caller writes it. */
class MediaApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private final ApiClient client = SERVER.testClient();

    private static byte[] png(int width, int height, Color color) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static String dataUri(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    private static BufferedImage picture(byte[] bytes) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    private static BufferedImage firstPicture(Reply reply) throws IOException {
        return picture(
                Base64.getDecoder().decode(reply.json().at("/data/0/b64_json").asText()));
    }

    private void assertPaid(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.charged()).isGreaterThan(Credits.ZERO);
        JsonNode usage = reply.json().path("usage");
        assertThat(usage.path("credits_charged").decimalValue())
                .isEqualByComparingTo(reply.header("X-Credits-Charged"));
        assertThat(usage.path("credits_remaining").decimalValue())
                .isEqualByComparingTo(reply.header("X-Credits-Remaining"));
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(reply.remaining());
    }

    private static double cosine(JsonNode one, JsonNode two) {
        double product = 0;
        for (int i = 0; i < one.size(); i++) {
            product += one.get(i).asDouble() * two.get(i).asDouble();
        }
        return product;
    }

    @Test
    void similar_sentences_embed_closer_than_dissimilar_ones() throws Exception {
        Reply reply = client.post(
                "/embeddings",
                "{\"model\":\"bge-base-en\",\"input\":[\"The cat sat on the mat\",\"A cat was sitting on a"
                        + " mat\",\"Quarterly revenue grew by nine percent\"]}");
        assertPaid(reply);
        JsonNode data = reply.json().path("data");
        assertThat(data).hasSize(3);
        assertThat(data.get(0).path("embedding")).hasSize(768);
        assertThat(cosine(data.get(0).path("embedding"), data.get(1).path("embedding")))
                .isGreaterThan(cosine(data.get(0).path("embedding"), data.get(2).path("embedding")));
        assertThat(data.get(2).path("index").asInt()).isEqualTo(2);
        assertThat(reply.json().at("/usage/prompt_tokens").asInt()).isPositive();
    }

    @Test
    void base64_holds_the_same_numbers() throws Exception {
        JsonNode floats = client.post("/embeddings", "{\"input\":\"The quick brown fox\"}")
                .json()
                .at("/data/0/embedding");
        String text = client.post("/embeddings", "{\"input\":\"The quick brown fox\",\"encoding_format\":\"base64\"}")
                .json()
                .at("/data/0/embedding")
                .asText();
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(4 * floats.size());
        for (JsonNode number : floats) {
            assertThat(bytes.getFloat()).isEqualTo((float) number.asDouble());
        }
    }

    @Test
    void pictures_have_the_size_that_was_asked_for_in_either_dialect() throws Exception {
        Reply plain = client.post(
                "/images/generations", "{\"model\":\"flux-schnell\",\"prompt\":\"A serene mountain lake at sunrise\"}");
        assertPaid(plain);
        assertThat(plain.json().path("id").asText()).startsWith("img_");
        assertThat(plain.json().at("/usage/output_images").asInt()).isEqualTo(1);
        assertThat(plain.json().at("/usage/input_tokens").asInt()).isPositive();
        assertThat(firstPicture(plain).getWidth()).isGreaterThanOrEqualTo(256);

        Reply sides = client.post("/images/generations", "{\"prompt\":\"x\",\"width\":320,\"height\":256,\"n\":2}");
        assertPaid(sides);
        assertThat(sides.json().path("data")).hasSize(2);
        assertThat(firstPicture(sides).getWidth()).isEqualTo(320);
        assertThat(firstPicture(sides).getHeight()).isEqualTo(256);
        assertThat(sides.charged()).isEqualTo(Credits.of(6));

        Reply size = client.post(
                "/images/generations",
                "{\"model\":\"openai/dall-e-3\",\"prompt\":\"x\",\"n\":1,\"size\":\"1792x1024\",\"quality\":\"hd\",\"response_format\":\"b64_json\"}");
        assertPaid(size);
        assertThat(firstPicture(size).getWidth()).isEqualTo(1792);
        assertThat(size.json().path("model").asText()).isEqualTo("openai/dall-e-3");
    }

    @Test
    void a_url_is_the_gateways_own_and_needs_no_key() throws Exception {
        Reply reply = client.post(
                "/images/generations", "{\"prompt\":\"x\",\"width\":256,\"height\":256,\"response_format\":\"url\"}");
        assertPaid(reply);
        URI url = URI.create(reply.json().at("/data/0/url").asText());
        assertThat(url.getPort()).isEqualTo(client.api().getPort());
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> media =
                    http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(media.statusCode()).isEqualTo(200);
            assertThat(media.headers().firstValue("Content-Type")).contains("image/png");
            assertThat(media.headers().firstValueAsLong("Content-Length")).hasValue(media.body().length);
            assertThat(media.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(picture(media.body()).getWidth()).isEqualTo(256);
            HttpResponse<byte[]> guess = http.send(
                    HttpRequest.newBuilder(URI.create(url.toString().replaceAll("[0-9a-f]{8}$", "00000000")))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(guess.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void an_edit_changes_the_picture_and_keeps_its_size() throws Exception {
        byte[] source = png(300, 200, Color.ORANGE);
        Reply reply = client.post(
                "/images/edits",
                "{\"model\":\"flux-kontext\",\"image\":\"" + dataUri(source)
                        + "\",\"prompt\":\"Make it look like a watercolor painting\"}");
        assertPaid(reply);
        BufferedImage edited = firstPicture(reply);
        assertThat(edited.getWidth()).isEqualTo(300);
        assertThat(edited.getHeight()).isEqualTo(200);
        assertThat(edited.getRGB(150, 100)).isNotEqualTo(picture(source).getRGB(150, 100));
    }

    @Test
    void a_reference_image_turns_a_generation_into_an_edit() throws Exception {
        Reply reply = client.post(
                "/images/generations",
                "{\"prompt\":\"x\",\"reference_image\":\""
                        + Base64.getEncoder().encodeToString(png(300, 200, Color.BLUE)) + "\"}");
        assertPaid(reply);
        assertThat(firstPicture(reply).getWidth()).isEqualTo(300);
    }

    @Test
    void a_caption_tells_what_is_in_the_picture() throws Exception {
        Reply reply = client.post(
                "/images/captions",
                "{\"model\":\"gemini-2.5-flash-vision\",\"image\":\"" + dataUri(png(300, 200, Color.RED))
                        + "\",\"prompt\":\"What is in this image?\"}");
        assertPaid(reply);
        assertThat(reply.json().path("id").asText()).startsWith("cap_");
        assertThat(reply.json().path("object").asText()).isEqualTo("image.caption");
        assertThat(reply.json().path("caption").asText())
                .containsIgnoringCase("300")
                .containsIgnoringCase("red");
        assertThat(reply.json().at("/usage/total_tokens").asInt()).isPositive();
    }

    @Test
    void a_film_is_held_until_it_is_ready() throws Exception {
        Reply reply = client.post(
                "/videos/generations",
                "{\"model\":\"ltx-video\",\"prompt\":\"A timelapse of clouds over a city\",\"seconds\":2}");
        assertPaid(reply);
        JsonNode film = reply.json().at("/data/0");
        assertThat(reply.json().path("object").asText()).isEqualTo("video");
        assertThat(film.path("mime_type").asText()).isEqualTo("video/mp4");
        assertThat(film.path("seconds").asInt()).isEqualTo(2);
        assertThat(reply.charged()).isEqualTo(Credits.of(10));
        try (HttpClient http = HttpClient.newHttpClient()) {
            byte[] bytes = http.send(
                            HttpRequest.newBuilder(URI.create(film.path("url").asText()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            assertThat(new String(bytes, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
        }
    }

    private byte[] speak(String text, String format) throws Exception {
        HttpResponse<byte[]> reply;
        try (HttpClient http = HttpClient.newHttpClient()) {
            reply = http.send(
                    client.request("/audio/speech")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"model\":\"playai-tts\",\"input\":\"" + text
                                    + "\",\"response_format\":\"" + format + "\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("X-Credits-Charged"))
                .contains(Credits.ofMicros(50_000L * text.length()).toString());
        assertThat(reply.headers().firstValue("Content-Type").orElseThrow()).startsWith("audio/");
        return reply.body();
    }

    private Reply transcribe(byte[] audio, String filename, String... fields) throws Exception {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-large-v3-turbo\r\n"
                .getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < fields.length; i += 2) {
            form.writeBytes(("--b\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\"\r\n\r\n" + fields[i + 1]
                            + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        form.writeBytes(("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(audio);
        form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8));
        return client.send(client.request("/audio/transcriptions")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofByteArray(form.toByteArray())));
    }

    @ParameterizedTest
    @CsvSource({"wav", "mp3"})
    void what_the_sandbox_speaks_it_understands_again(String format) throws Exception {
        String text = "Hello from the gateway, on a fine day!";
        Reply reply = transcribe(speak(text, format), "speech." + format);
        assertPaid(reply);
        assertThat(reply.json().path("text").asText()).isEqualTo(text);
        // Ten seconds at least are billed: 10 × 0.011112.
        assertThat(reply.charged()).isGreaterThanOrEqualTo(Credits.parse("0.11112"));
    }

    @Test
    void transcripts_come_in_every_format() throws Exception {
        byte[] audio = speak("One two three.", "wav");
        assertThat(transcribe(audio, "a.wav", "response_format", "text").text()).isEqualTo("One two three.\n");
        assertThat(transcribe(audio, "a.wav", "response_format", "srt").text())
                .startsWith("1\n00:00:00,000 --> ")
                .contains("One two three.");
        assertThat(transcribe(audio, "a.wav", "response_format", "vtt").text())
                .startsWith("WEBVTT\n\n00:00:00.000 --> ");
        JsonNode verbose = transcribe(
                        audio, "a.wav", "response_format", "verbose_json", "timestamp_granularities[]", "word")
                .json();
        assertThat(verbose.path("duration").asDouble()).isPositive();
        assertThat(verbose.path("words")).hasSize(3);
    }

    private static void assertWrong(Reply reply, String param) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().path("type").asText()).isEqualTo("invalid_request");
        assertThat(reply.error().path("param").asText()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/embeddings          | {}                                                      | input",
                "/embeddings          | {\"input\":[]}                                          | input",
                "/embeddings          | {\"input\":\"\"}                                        | input",
                "/embeddings          | {\"input\":\"x\",\"encoding_format\":\"hex\"}           | encoding_format",
                "/embeddings          | {\"input\":\"x\",\"dimensions\":769}                 | dimensions",
                "/images/generations  | {}                                                      | prompt",
                "/images/generations  | {\"prompt\":\"x\",\"seed\":\"x\"}                     | seed",
                "/images/generations  | {\"prompt\":\"x\",\"seed\":-1}                        | seed",
                "/images/generations  | {\"prompt\":\"x\",\"output_format\":\"bmp\"}          | output_format",
                "/images/generations  | {\"prompt\":\"x\",\"providerOptions\":{\"fal\":1}}    | providerOptions.fal",
                "/images/generations  | {\"prompt\":\"x\",\"n\":9}                              | n",
                "/images/generations  | {\"prompt\":\"x\",\"n\":5}                              | n",
                "/images/generations  | {\"prompt\":\"x\",\"size\":\"big\"}                     | size",
                "/images/generations  | {\"prompt\":\"x\",\"size\":\"512x512\",\"width\":512,\"height\":512} | size",
                "/images/generations  | {\"prompt\":\"x\",\"width\":255,\"height\":256}         | width",
                "/images/generations  | {\"prompt\":\"x\",\"width\":1537,\"height\":256}        | width",
                "/images/generations  | {\"prompt\":\"x\",\"response_format\":\"png\"}          | response_format",
                "/images/generations  | {\"prompt\":\"x\",\"style\":\"sad\"}                    | style",
                "/embeddings          | {\"input\":\"x\",\"model\":\"\"}                    | model",
                "/images/generations  | {\"prompt\":\"x\",\"model\":\"\"}                   | model",
                "/videos/generations  | {\"prompt\":\"x\",\"model\":\" \"}                  | model",
                "/audio/speech        | {\"input\":\"x\",\"model\":\"\"}                    | model",
                "/images/edits        | {\"prompt\":\"x\"}                                      | image",
                "/images/edits        | {\"prompt\":\"x\",\"image\":\"not base64!\"}            | image",
                "/images/captions     | {}                                                      | image",
                "/images/captions     | {\"image\":5}                                           | image",
                "/images/captions     | {\"image\":\"https://127.0.0.1/a.png\"}                 | image",
                "/images/captions     | {\"image\":\"https://2130706433/a.png\"}                | image",
                "/images/captions     | {\"image\":\"https://[::ffff:127.0.0.1]/a.png\"}        | image",
                "/images/captions     | {\"image\":\"http://example.com/a.png\"}                | image",
                "/videos/generations  | {}                                                      | prompt",
                "/videos/generations  | {\"prompt\":\"x\",\"seconds\":61}                       | seconds",
                "/videos/generations  | {\"prompt\":\"x\",\"seconds\":6}                        | seconds",
                "/audio/speech        | {}                                                      | input",
                "/audio/speech        | {\"input\":\"x\",\"response_format\":\"midi\"}          | response_format",
                "/audio/speech        | {\"input\":\"x\",\"speed\":5}                           | speed",
            })
    void a_wrong_field_is_named_and_nothing_is_charged(String path, String body, String param) throws Exception {
        Credits before = SERVER.ledger().available(client.wallet());
        assertWrong(client.post(path, body), param);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(before);
    }

    @Test
    void a_text_that_is_longer_than_the_model_takes_is_refused_and_not_cut_off() throws Exception {
        Credits before = SERVER.ledger().available(client.wallet());
        String body = "{\"model\":\"bge-base-en\",\"input\":[\"short\",\"" + "word ".repeat(600) + "\"]}";
        assertWrong(client.post("/embeddings", body), "input");
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(before);
    }

    @Test
    void a_large_picture_costs_what_its_pixels_cost() throws Exception {
        assertThat(drawn("1024x1024").charged()).isEqualTo(Credits.of(3));
        assertThat(drawn("1536x1024").charged()).isEqualTo(Credits.of(6));
        assertThat(drawn("1536x1536").charged()).isEqualTo(Credits.of(9));
    }

    private Reply drawn(String size) throws Exception {
        Reply reply = client.post(
                "/images/generations", "{\"model\":\"flux-schnell\",\"prompt\":\"x\",\"size\":\"" + size + "\"}");
        assertPaid(reply);
        return reply;
    }

    @Test
    void uploads_that_are_wrong_are_told() throws Exception {
        assertWrong(transcribe("this is no sound at all".getBytes(StandardCharsets.UTF_8), "a.mp3"), "file");
        assertThat(client.post("/audio/transcriptions", "{}").status()).isEqualTo(415);
        byte[] sound = speak("x", "wav");
        assertWrong(transcribe(sound, "a.wav", "user", "u".repeat(257)), "user");
        for (String temperature : List.of("warm", "1.1", "-0.1", "NaN", "0.5f", "0x1p-1")) {
            assertWrong(transcribe(sound, "a.wav", "temperature", temperature), "temperature");
        }
        assertWrong(
                client.post(
                        "/images/captions",
                        "{\"image\":\"" + dataUri(png(2, 2, Color.RED)) + "\",\"providerOptions\":{\"gemini\":1}}"),
                "providerOptions.gemini");
        byte[] large = new byte[26 * 1024 * 1024];
        System.arraycopy(speak("x", "wav"), 0, large, 0, 44);
        Reply reply = transcribe(large, "a.wav");
        assertThat(reply.status()).isIn(400, 413);
        Reply picture = client.post(
                "/images/captions",
                "{\"image\":\"data:image/png;base64," + Base64.getEncoder().encodeToString(new byte[16 * 1024 * 1024])
                        + "\"}");
        assertWrong(picture, "image");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "https://127.0.0.1/x.png",
                "https://localhost/x.png",
                "https://169.254.169.254/latest/meta-data",
                "https://[::ffff:127.0.0.1]/x.png",
                "https://2130706433/x.png",
                "https://10.0.0.1:8443/x.png",
                "https://user:secret@93.184.215.14/x.png",
                "https:///x.png",
                "data:image/png;base64,AAAA",
                "data:image/png;base64,?",
                "data:image/svg+xml;base64,PHN2Zy8+"
            })
    void a_picture_in_a_chat_is_checked_like_any_other(String url) throws Exception {
        assertWrong(client.post("/chat/completions", seeing(url)), "messages[1].content[1].image_url.url");
    }

    @Test
    void a_picture_in_a_chat_may_not_unfold_to_too_much() throws Exception {
        byte[] bomb = png(1, 1, Color.RED);
        ByteBuffer head = ByteBuffer.wrap(bomb);
        head.putInt(16, 60_000).putInt(20, 60_000);
        CRC32 sum = new CRC32();
        sum.update(bomb, 12, 17);
        head.putInt(29, (int) sum.getValue());
        Reply reply = client.post("/chat/completions", seeing(dataUri(bomb)));
        assertWrong(reply, "messages[1].content[1].image_url.url");
        assertThat(reply.error().path("message").asText()).contains("60000x60000");
    }

    @Test
    void a_picture_in_a_chat_costs_what_the_model_counts_it_as() throws Exception {
        // 8,500 tokens of a tile and the base at 150 credits a million, and a few words.
        Reply reply = client.post("/chat/completions", seeing(dataUri(png(64, 64, Color.RED))));
        assertPaid(reply);
        assertThat(reply.text()).contains("PNG of 64x64 pixels");
        assertThat(reply.json().at("/usage/prompt_tokens").asLong()).isBetween(8_500L, 8_600L);
    }

    @Test
    void a_sound_in_a_chat_counts_by_its_length() throws Exception {
        String sound = Base64.getEncoder().encodeToString(speak("One two three four five", "wav"));
        Reply reply = client.post("/chat/completions", hearing(sound));
        assertPaid(reply);
        // 32 tokens a second, of less than ten seconds.
        assertThat(reply.json().at("/usage/prompt_tokens").asLong()).isBetween(30L, 400L);
        assertWrong(client.post("/chat/completions", hearing("AAAA")), "messages[0].content[0].input_audio.data");
        assertWrong(client.post("/chat/completions", hearing("?")), "messages[0].content[0].input_audio.data");
    }

    private static String seeing(String url) {
        return "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"system\",\"content\":\"x\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What"
            + " is this?\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\""
                + url
                + "\"}}]}]}";
    }

    private static String hearing(String sound) {
        return "{\"model\":\"gemini-2.5-flash\",\"messages\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"" + sound + "\",\"format\":\"wav\"}}]}]}";
    }

    @Test
    void a_model_of_another_modality_is_told() throws Exception {
        assertThat(client.chat("playai-tts", "").error().path("type").asText()).isEqualTo("modality_mismatch");
        Reply reply = client.post("/embeddings", "{\"model\":\"llama-3.1-8b\",\"input\":\"x\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("type").asText()).isEqualTo("modality_mismatch");
    }
}
