package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Gate;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The modalities beside chat on live keys, through an upstream that speaks OpenAI's format. */
class LiveMediaApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private final ApiClient client = SERVER.clientWith("1000");

    private static final String ERROR =
            "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"param\":null,\"code\":null}}";

    private void assertPaid(Reply reply, String price) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("X-Credits-Charged")).isEqualTo(price);
        assertThat(SERVER.ledger().available(client.wallet()))
                .isEqualTo(Credits.of(1000).minus(Credits.parse(price)));
    }

    @Test
    void embeddings_cost_the_tokens_that_the_upstream_reports() throws Exception {
        // 1.0f and -2.0f, little-endian.
        SERVER.upstream()
                .answer(
                        Answer.json(
                                200,
                                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":\"AACAPwAAAMA=\"}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":500,\"total_tokens\":500}}"));
        Reply reply = client.post(
                "/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":\"hello\",\"dimensions\":2}");
        assertPaid(reply, "0.01");
        assertThat(reply.json().at("/data/0/embedding/1").asDouble()).isEqualTo(-2.0);
        Map<String, Object> sent = SERVER.upstream().lastRequest().json();
        assertThat(sent).containsEntry("model", "text-embedding-3-small").containsEntry("input", "hello");
    }

    @Test
    void pictures_cost_their_number() throws Exception {
        String png = Base64.getEncoder().encodeToString("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
        SERVER.upstream()
                .answer(Answer.json(
                        200,
                        "{\"created\":1,\"data\":[{\"b64_json\":\"" + png + "\"},{\"b64_json\":\"" + png + "\"}]}"));
        Reply reply =
                client.post("/images/generations", "{\"model\":\"openai/gpt-image-2\",\"prompt\":\"a cat\",\"n\":2}");
        assertPaid(reply, "100");
        assertThat(reply.json().path("data")).hasSize(2);
        assertThat(SERVER.upstream().lastRequest().json())
                .as("the quality that it is priced by")
                .containsEntry("quality", "medium");
        SERVER.upstream().answer(Answer.json(200, "{\"created\":1,\"data\":[{\"b64_json\":\"" + png + "\"}]}"));
        Reply fine = client.post(
                "/images/generations",
                "{\"model\":\"openai/dall-e-3\",\"prompt\":\"a cat\",\"quality\":\"hd\",\"size\":\"1024x1024\"}");
        assertThat(fine.charged()).as("by quality and size").isEqualTo(Credits.of(130));
        assertThat(SERVER.upstream().lastRequest().json()).containsEntry("quality", "high");
    }

    @Test
    void speech_is_passed_on_while_it_is_made() throws Exception {
        Gate gate = new Gate();
        SERVER.upstream().answer(exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", "audio/wav"));
            exchange.body("RIFF");
            exchange.await(gate);
            exchange.body("rest");
        });
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> reply = http.send(
                    client.request("/audio/speech")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"model\":\"playai-tts\",\"input\":\"Hello\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.headers().firstValue("X-Credits-Charged")).contains("0.25");
            InputStream body = reply.body();
            // The first bytes are here while the upstream still waits for us.
            assertThat(body.readNBytes(4)).isEqualTo("RIFF".getBytes(StandardCharsets.US_ASCII));
            gate.open();
            assertThat(body.readAllBytes()).isEqualTo("rest".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void a_caption_rides_on_a_chat_with_a_model_that_sees() throws Exception {
        SERVER.upstream().answer(Answer.json(200, ApiClient.completion("A red square.", 1000, 10)));
        Reply reply = client.post(
                "/images/captions",
                "{\"model\":\"gpt-4o-mini-vision\",\"image\":\"data:image/png;base64," + PIXEL + "\"}");
        assertPaid(reply, "0.156");
        assertThat(reply.json().path("caption").asText()).isEqualTo("A red square.");
        assertThat(SERVER.upstream().lastRequest().text()).contains("data:image/png;base64," + PIXEL);
    }

    @Test
    void what_a_caption_says_for_its_provider_reaches_it() throws Exception {
        SERVER.upstream().answer(Answer.json(200, ApiClient.completion("A red square.", 1000, 10)));
        Reply reply = client.post(
                "/images/captions",
                "{\"model\":\"gpt-4o-mini-vision\",\"image\":\"data:image/png;base64," + PIXEL
                        + "\",\"user\":\"ada\",\"providerOptions\":{\"openai\":{\"store\":true},\"groq\":{\"no\":1}}}");
        assertPaid(reply, "0.156");
        assertThat(SERVER.upstream().lastRequest().text())
                .contains("\"store\":true")
                .contains("\"user\":\"ada\"")
                .doesNotContain("groq", "\"no\"");
    }

    @Test
    void a_picture_in_a_prompt_is_held_at_what_the_model_counts_it_as() throws Exception {
        String pixel = "\"data:image/png;base64," + PIXEL + "\"";
        // 2,833 tokens and 5,667 for a tile; the base alone with little detail; eight tiles at most.
        assertHeld("{\"url\":" + pixel + "}", 8_500);
        assertHeld("{\"url\":" + pixel + ",\"detail\":\"low\"}", 2_833);
        assertHeld("{\"url\":\"https://93.184.215.14/a.png\"}", 48_169);
    }

    /** A stream's headers tell the reservation. */
    private void assertHeld(String image, long imageTokens) throws Exception {
        SERVER.upstream()
                .answer(Answer.events(
                        "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"A"
                            + " dot.\"},\"finish_reason\":\"stop\"}]}",
                        "[DONE]"));
        Reply reply = client.post(
                "/chat/completions",
                "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":["
                    + "{\"type\":\"text\",\"text\":\"What?\"},{\"type\":\"image_url\",\"image_url\":" + image
                        + "}]}]}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        long tokens = Credits.parse(reply.header("X-Credits-Charged")).micros() / 150;
        assertThat(tokens).isBetween(imageTokens, imageTokens + 60);
    }

    @Test
    void a_transcript_costs_the_steps_of_its_length() throws Exception {
        SERVER.upstream().answer(Answer.json(500, ERROR));
        assertThat(transcribe().status()).isEqualTo(502);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(1000));
        SERVER.upstream().answer(Answer.json(200, "{\"text\":\"Hello\",\"duration\":2.5}"));
        // Two and a half seconds are billed as three, at 0.1.
        assertPaid(transcribe(), "0.3");
        assertThat(SERVER.upstream().lastRequest().text()).contains("whisper-1", "verbose_json", "filename=\"a.wav\"");
    }

    private Reply transcribe() throws Exception {
        int length = 2_500 * 8;
        ByteBuffer wav = ByteBuffer.allocate(44 + length).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + length);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1);
        wav.putInt(8_000).putInt(8_000).putShort((short) 1).putShort((short) 8);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(length);
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(
                "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(wav.array());
        form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return client.send(client.request("/audio/transcriptions")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofByteArray(form.toByteArray())));
    }

    @Test
    void an_edit_costs_its_pictures() throws Exception {
        String body = "{\"model\":\"gpt-image-2-edit\",\"prompt\":\"snow\",\"image\":\"" + PIXEL
                + "\",\"quality\":\"low\",\"n\":2}";
        SERVER.upstream().answer(Answer.json(500, ERROR));
        assertThat(client.post("/images/edits", body).status()).isEqualTo(502);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(1000));
        String made = "{\"b64_json\":\"" + PIXEL + "\"}";
        SERVER.upstream().answer(Answer.json(200, "{\"created\":1,\"data\":[" + made + "," + made + "]}"));
        assertPaid(client.post("/images/edits", body), "60");
        assertThat(SERVER.upstream().lastRequest().path()).isEqualTo("/v1/images/edits");
    }

    /** A PNG of one pixel. */
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    @Test
    void failures_cost_nothing() throws Exception {
        for (List<String> call : List.of(
                List.of("/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":\"hello\"}"),
                List.of("/images/generations", "{\"model\":\"gpt-image-2\",\"prompt\":\"a cat\"}"),
                List.of("/audio/speech", "{\"model\":\"playai-tts\",\"input\":\"Hello\"}"))) {
            SERVER.upstream().answer(Answer.json(500, ERROR));
            Reply reply = client.post(call.get(0), call.get(1));
            assertThat(reply.status()).as(call.get(0)).isEqualTo(502);
            assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(1000));
        }
        assertThat(client.post("/videos/generations", "{\"model\":\"ltx-video\",\"prompt\":\"x\"}")
                        .status())
                .isEqualTo(503);
    }

    @Test
    void speech_that_breaks_off_breaks_the_connection_and_costs_nothing() throws Exception {
        SERVER.upstream().answer(Answer.cut(6, exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", "audio/wav"));
            exchange.body("RIFF and so on");
        }));
        boolean whole;
        try {
            client.post("/audio/speech", "{\"model\":\"playai-tts\",\"input\":\"Hello\"}");
            whole = true;
        } catch (java.io.IOException e) {
            whole = false;
        }
        assertThat(whole).as("the answer looked whole").isFalse();
        Await.until("released", () -> SERVER.ledger().available(client.wallet()).equals(Credits.of(1000)));
    }
}
