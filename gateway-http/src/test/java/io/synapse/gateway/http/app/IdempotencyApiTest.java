package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.body;
import static io.synapse.gateway.http.app.ApiClient.chunk;
import static io.synapse.gateway.http.app.ApiClient.completion;
import static io.synapse.gateway.http.app.ApiClient.ending;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Gate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are sent again under the name that their caller gave them: one upstream call, one charge. */
class IdempotencyApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private static final String FLAT = body(SharedServer.FLAT_MODEL, "");

    private static Reply post(ApiClient client, String path, String key, String body) throws Exception {
        return client.send(client.request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Reply chat(ApiClient client, String key, String body) throws Exception {
        return post(client, "/chat/completions", key, body);
    }

    private static void isReplayOf(Reply first, Reply again) {
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("X-Credits-Charged")).isEqualTo("0");
        assertThat(again.header("X-Credits-Remaining")).isEqualTo(first.header("X-Credits-Remaining"));
        assertThat(first.header("Idempotent-Replayed")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Idempotency-Key", "x-mg-idempotency-key"})
    void what_is_sent_again_is_answered_again_and_charged_once(String header) throws Exception {
        ApiClient client = SERVER.clientWith("10");
        SERVER.upstream().answer(Answer.json(200, completion("once", 1, 1)));
        ApiClient underV1 = new ApiClient(SERVER.api().resolve("/v1"), client.key(), client.wallet());
        List<Reply> replies = new ArrayList<>();
        for (ApiClient each : List.of(client, client, underV1)) {
            replies.add(each.send(each.request("/chat/completions")
                    .header("Content-Type", "application/json")
                    .header(header, "order-1")
                    .POST(HttpRequest.BodyPublishers.ofString(FLAT))));
        }
        assertThat(replies.getFirst().status()).as(replies.getFirst().text()).isEqualTo(200);
        assertThat(replies.getFirst().charged()).isEqualTo(Credits.of(1));
        isReplayOf(replies.getFirst(), replies.get(1));
        isReplayOf(replies.getFirst(), replies.get(2));
        assertThat(SERVER.upstream().requests()).hasSize(1);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(9));
    }

    @Test
    void the_same_name_for_another_request_is_a_mistake() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        SERVER.upstream().answer(Answer.json(200, completion("once", 1, 1)));
        chat(client, "k", FLAT);
        Reply other = chat(client, "k", body(SharedServer.FLAT_MODEL, "\"temperature\":1"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.error().path("type").asText()).isEqualTo("idempotency_mismatch");
        assertThat(other.header("x-should-retry")).isEqualTo("false");
        assertThat(post(client, "/embeddings", "k", FLAT).status()).isEqualTo(422);
        assertThat(SERVER.upstream().requests()).hasSize(1);
    }

    @Test
    void names_are_a_projects_own() throws Exception {
        SERVER.upstream().answerAll(request -> Answer.json(200, completion("mine", 1, 1)));
        Reply mine = chat(SERVER.clientWith("10"), "k", FLAT);
        Reply yours = chat(SERVER.clientWith("10"), "k", FLAT);
        assertThat(mine.header("Idempotent-Replayed")).isNull();
        assertThat(yours.header("Idempotent-Replayed")).isNull();
        assertThat(SERVER.upstream().requests()).hasSize(2);
    }

    @Test
    void what_a_test_key_was_answered_is_no_answer_to_a_live_key_of_its_project() throws Exception {
        Account account = SERVER.newAccount("10");
        ApiClient live = new ApiClient(
                SERVER.api(),
                SERVER.keys().create(account.id(), KeyRequest.live("live")).secret(),
                account.wallet());
        ApiClient test = live.withKey(
                SERVER.keys().create(account.id(), KeyRequest.test("test")).secret());
        SERVER.upstream().answer(Answer.json(200, completion("meant", 1, 1)));
        Reply rehearsed = chat(test, "k", FLAT);
        Reply meant = chat(live, "k", FLAT);
        assertThat(meant.firstText()).isEqualTo("meant");
        assertThat(meant.charged()).isEqualTo(Credits.of(1));
        assertThat(chat(test, "k", FLAT).text()).isEqualTo(rehearsed.text());
        assertThat(chat(live, "k", FLAT).text()).isEqualTo(meant.text());
    }

    @Test
    void what_failed_runs_again() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        assertThat(chat(client, "k", "{\"model\":\"test/flat\"}").status()).isEqualTo(400);
        SERVER.upstream().answer(Answer.json(500, "{}"), Answer.json(200, completion("now", 1, 1)));
        assertThat(chat(client, "k", FLAT).status()).isEqualTo(502);
        Reply now = chat(client, "k", FLAT);
        assertThat(now.firstText()).isEqualTo("now");
        assertThat(now.header("Idempotent-Replayed")).isNull();
        isReplayOf(now, chat(client, "k", FLAT));
    }

    @Test
    void of_many_at_once_one_runs_and_all_get_its_answer() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        Gate gate = new Gate();
        SERVER.upstream().answer(Answer.stall(gate, Answer.json(200, completion("once", 1, 1))));
        List<Future<Reply>> twins = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                twins.add(threads.submit(() -> chat(client, "twins", FLAT)));
            }
            SERVER.upstream().awaitRequests(1);
            gate.open();
        }
        Set<String> bodies = twins.stream().map(each -> each.resultNow().text()).collect(Collectors.toSet());
        assertThat(bodies).hasSize(1);
        assertThat(twins).allMatch(each -> each.resultNow().status() == 200);
        assertThat(twins.stream().filter(each -> each.resultNow().header("Idempotent-Replayed") == null))
                .hasSize(1);
        assertThat(SERVER.upstream().requests()).hasSize(1);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(9));
    }

    @Test
    void a_call_whose_caller_hung_up_goes_on_and_is_collected() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        Gate gate = new Gate();
        SERVER.upstream().answer(Answer.stall(gate, Answer.json(200, completion("kept", 1, 1))));
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), SERVER.api().getPort())) {
            String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + client.key()
                    + "\r\nContent-Type: application/json\r\nIdempotency-Key: gone\r\nContent-Length: "
                    + FLAT.length() + "\r\n\r\n";
            socket.getOutputStream().write((head + FLAT).getBytes(StandardCharsets.US_ASCII));
            SERVER.upstream().awaitRequests(1);
        }
        gate.open();
        Reply collected = chat(client, "gone", FLAT);
        assertThat(collected.firstText()).isEqualTo("kept");
        assertThat(collected.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(SERVER.upstream().requests()).hasSize(1);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(9));
    }

    @Test
    void a_call_that_takes_longer_than_its_caller_may_wait_is_collected_later() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        Gate gate = new Gate();
        SERVER.upstream().answer(Answer.stall(gate, Answer.json(200, completion("late", 1, 1))));
        Reply late = chat(client, "slow", FLAT);
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.error().path("type").asText()).isEqualTo("upstream_timeout");
        assertThat(late.header("x-should-retry")).isEqualTo("true");
        Reply still = chat(client, "slow", FLAT);
        assertThat(still.status()).isEqualTo(409);
        assertThat(still.error().path("type").asText()).isEqualTo("idempotency_in_progress");
        assertThat(still.header("Retry-After")).isNotNull();
        gate.open();
        assertThat(chat(client, "slow", FLAT).firstText()).isEqualTo("late");
        assertThat(SERVER.upstream().requests()).hasSize(1);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(9));
    }

    @Test
    void a_stream_is_followed_as_it_comes_and_replayed_byte_by_byte() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        String body = body(SharedServer.TOKEN_MODEL, "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        SERVER.upstream().answer(Answer.eventsAround(List.of(chunk("one ")), opened(), events("two", 3, 2)));
        Reply first = chat(client, "stream", body);
        assertThat(first.events()).last().isEqualTo("[DONE]");
        Reply again = chat(client, "stream", body);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Content-Type")).startsWith("text/event-stream");
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("X-Credits-Charged")).isEqualTo("0");
        assertThat(SERVER.upstream().requests()).hasSize(1);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.parse("9.5"));
    }

    private static Gate opened() {
        Gate gate = new Gate();
        gate.open();
        return gate;
    }

    private static List<String> events(String text, int in, int out) {
        List<String> events = new ArrayList<>(List.of(chunk(text)));
        events.addAll(ending(in, out));
        return events;
    }

    @Test
    void a_stream_that_broke_is_not_kept() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        String body = body(SharedServer.TOKEN_MODEL, "\"stream\":true");
        SERVER.upstream().answer(Answer.events(chunk("half")), Answer.events(events("whole", 1, 1)));
        assertThat(chat(client, "cut", body).events()).last().asString().contains("\"error\"");
        Reply again = chat(client, "cut", body);
        assertThat(again.events()).last().isEqualTo("[DONE]");
        assertThat(again.header("Idempotent-Replayed")).isNull();
    }

    @Test
    void every_endpoint_takes_names() throws Exception {
        ApiClient client = SERVER.testClient();
        String prompt = "{\"model\":\"%s\",\"prompt\":\"a hill\"}";
        for (String[] call : new String[][] {
            {"/images/generations", prompt.formatted("flux-schnell")},
            {"/images/generations", "{\"prompt\":\"a hill\",\"response_format\":\"url\"}"},
            {"/videos/generations", prompt.formatted("ltx-video")},
            {"/audio/speech", "{\"model\":\"playai-tts\",\"input\":\"Hello\"}"},
            {"/embeddings", "{\"model\":\"bge-base-en\",\"input\":\"Hello\"}"},
        }) {
            String key = call[0] + call[1].hashCode();
            Reply first = post(client, call[0], key, call[1]);
            assertThat(first.status()).as(first.text()).isEqualTo(200);
            isReplayOf(first, post(client, call[0], key, call[1]));
        }
    }

    @Test
    void a_form_is_the_same_whatever_its_boundary() throws Exception {
        ApiClient client = SERVER.testClient();
        List<Reply> replies = new ArrayList<>();
        for (String boundary : List.of("first-boundary", "another-boundary")) {
            replies.add(client.send(client.request("/audio/transcriptions")
                    .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                    .header("Idempotency-Key", "form")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(form(boundary)))));
        }
        assertThat(replies.getFirst().status()).as(replies.getFirst().text()).isEqualTo(200);
        isReplayOf(replies.getFirst(), replies.get(1));
    }

    /** A recording of a tenth of a second of silence. */
    private static byte[] form(String boundary) throws IOException {
        AudioFormat format = new AudioFormat(16_000, 16, 1, true, false);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(new byte[3_200]), format, 1_600),
                AudioFileFormat.Type.WAVE,
                file);
        byte[] wav = file.toByteArray();
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
                        + "whisper-large-v3-turbo\r\n--" + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + wav.length + tail.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(wav, 0, all, head.length, wav.length);
        System.arraycopy(tail, 0, all, head.length + wav.length, tail.length);
        return all;
    }

    @Test
    void an_ill_formed_name_is_refused() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        for (String key : List.of("two words", "x".repeat(256))) {
            Reply reply = chat(client, key, FLAT);
            assertThat(reply.status()).as(key).isEqualTo(400);
            assertThat(reply.error().path("param").asText()).isEqualTo("Idempotency-Key");
        }
        assertThat(SERVER.upstream().requests()).isEmpty();
    }
}
