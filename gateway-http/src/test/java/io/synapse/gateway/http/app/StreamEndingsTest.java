package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.chunk;
import static io.synapse.gateway.http.app.ApiClient.ending;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Gate;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way in which a stream can end, and what it costs then: the upstream's doing and the caller's. Behind
 * {@link SharedServer#TOKEN_MODEL} is an upstream that bills on when it is cancelled, behind
 * {@link SharedServer#CANCELLED_MODEL} one that does not; a token costs a tenth of a credit there.
 */
class StreamEndingsTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private static final String SAID = "one two three";
    private static final String STREAM = "\"stream\":true,\"max_tokens\":1000";

    /** What the caller sees and pays. */
    record Ending(UsageSource source, String least, String most) {
        static Ending reported(String price) {
            return new Ending(UsageSource.PROVIDER, price, price);
        }

        static Ending measured() {
            return new Ending(UsageSource.MEASURED, "0.4", "3");
        }
    }

    static Stream<Arguments> upstreams() {
        String usage = "{\"prompt_tokens\":9,\"completion_tokens\":30,\"total_tokens\":39}";
        String said = "data: " + chunk(SAID) + "\n\n";
        String end = "data: " + ending(0, 0).getFirst() + "\n\n";
        String error = "data: {\"error\":{\"message\":\"a very long story of what went"
                + " wrong\",\"type\":\"server_error\"}}\n\n";
        return Stream.of(
                Arguments.of(
                        "reports its usage", Answer.events(with(chunk(SAID), ending(9, 30))), Ending.reported("3.9")),
                Arguments.of("reports zero", Answer.events(with(chunk(SAID), ending(0, 0))), Ending.reported("0")),
                Arguments.of(
                        "reports a usage and no end mark",
                        Answer.eventStream(said + end + "data: {\"choices\":[],\"usage\":" + usage + "}\n\n"),
                        Ending.reported("3.9")),
                Arguments.of("reports none", Answer.eventStream(said + end + "data: [DONE]\n\n"), Ending.measured()),
                Arguments.of(
                        "reports nonsense",
                        Answer.events(with(chunk(SAID), ending(999_999_999, 999_999_999))),
                        Ending.measured()),
                Arguments.of("stops in the middle", Answer.eventStream(said), Ending.measured()),
                Arguments.of(
                        "is cut off in the middle",
                        Answer.cut(said.length(), Answer.eventStream(said)),
                        Ending.measured()),
                Arguments.of("tells of an error in the middle", Answer.eventStream(said + error), Ending.measured()),
                Arguments.of(
                        "falls silent in the middle",
                        Answer.eventsAround(List.of(chunk(SAID)), new Gate(), List.of()),
                        Ending.measured()));
    }

    private static List<String> with(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("upstreams")
    void what_an_upstream_does_decides_the_price(String name, Answer answer, Ending ending) throws Exception {
        for (String model : List.of(SharedServer.TOKEN_MODEL, SharedServer.CANCELLED_MODEL)) {
            ApiClient client = SERVER.clientWith("1000");
            SERVER.upstream().answer(answer);
            Reply reply = client.chat(model, STREAM);
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            assertThat(reply.text()).contains(SAID);
            requireCharge(client, reply.header("X-Request-Id"), ending);
        }
    }

    private static void requireCharge(ApiClient client, String requestId, Ending ending) throws Exception {
        Await.until(
                "the charge is closed",
                () -> SERVER.ledger()
                        .find(client.wallet(), requestId)
                        .filter(charge -> charge.state() == Charge.State.SETTLED)
                        .isPresent());
        Charge charge = SERVER.ledger().find(client.wallet(), requestId).orElseThrow();
        assertThat(charge.source()).isEqualTo(ending.source());
        assertThat(charge.charged()).isBetween(Credits.parse(ending.least()), Credits.parse(ending.most()));
        assertThat(SERVER.ledger().available(client.wallet()).plus(charge.charged()))
                .isEqualTo(Credits.of(1000));
    }

    /** A caller by hand, who reads as little as he likes. */
    private static final class Caller implements AutoCloseable {
        private final Socket socket = new Socket();

        Caller(ApiClient client, String path, String requestId, String body) throws IOException {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), client.api().getPort()));
            socket.getOutputStream()
                    .write(("POST /api/v1" + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: "
                                    + requestId + "\r\nAuthorization: Bearer " + client.key()
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
        }

        static Caller chat(ApiClient client, String model, String requestId) throws IOException {
            return new Caller(client, "/chat/completions", requestId, ApiClient.body(model, STREAM));
        }

        void readUntil(String words) throws IOException {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            StringBuilder read = new StringBuilder();
            while (read.indexOf(words, read.length() - words.length()) < 0) {
                int b = in.read();
                assertThat(b).as("the stream ended early: " + read).isNotNegative();
                read.append((char) b);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** So many more words, each in a piece of its own. */
    private static List<String> words(int count, List<String> end) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(chunk(" word"));
        }
        words.addAll(end);
        return words;
    }

    @Test
    void who_hangs_up_on_an_upstream_that_bills_on_pays_the_full_price() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        Gate gate = new Gate();
        int hangUps = SERVER.upstream().hangUps();
        SERVER.upstream().answer(Answer.eventsAround(List.of(chunk(SAID)), gate, words(500, ending(9, 503))));
        try (Caller caller = Caller.chat(client, SharedServer.TOKEN_MODEL, "bills-on")) {
            caller.readUntil(SAID);
        }
        gate.open();
        requireCharge(client, "bills-on", Ending.reported("51.2"));
        assertThat(SERVER.upstream().hangUps()).isEqualTo(hangUps);
    }

    @Test
    void who_hangs_up_on_an_upstream_that_stops_its_bill_pays_for_what_was_made() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        Gate gate = new Gate();
        int hangUps = SERVER.upstream().hangUps();
        SERVER.upstream().answer(exchange -> {
            Answer.eventsAround(List.of(chunk(SAID)), gate, words(500, List.of()))
                    .write(exchange);
            // It would go on for ever.
            exchange.await(new Gate());
        });
        try (Caller caller = Caller.chat(client, SharedServer.CANCELLED_MODEL, "stops-its-bill")) {
            caller.readUntil(SAID);
        }
        gate.open();
        requireCharge(client, "stops-its-bill", new Ending(UsageSource.MEASURED, "0.4", "53"));
        SERVER.upstream().awaitHangUps(hangUps + 1);
    }

    @Test
    void who_closes_right_after_the_last_chunk_has_had_a_whole_answer() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        Gate gate = new Gate();
        List<String> end = ending(9, 30);
        SERVER.upstream()
                .answer(Answer.eventsAround(List.of(chunk(SAID), end.getFirst()), gate, end.subList(1, end.size())));
        try (Caller caller = Caller.chat(client, SharedServer.CANCELLED_MODEL, "last-chunk")) {
            caller.readUntil("\"finish_reason\":\"stop\"");
            caller.socket.setSoLinger(true, 0);
        }
        gate.open();
        requireCharge(client, "last-chunk", Ending.reported("3.9"));
    }

    @Test
    void a_caller_who_reads_nothing_has_his_answer_settled_and_gets_it_later() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        SERVER.upstream().answer(Answer.events(words(200, ending(9, 200))));
        try (Caller caller = Caller.chat(client, SharedServer.CANCELLED_MODEL, "in-no-hurry")) {
            requireCharge(client, "in-no-hurry", Ending.reported("20.9"));
            caller.readUntil("[DONE]");
        }
    }

    @Test
    void a_caller_who_never_reads_is_given_up_and_no_more_is_made_for_him() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        int hangUps = SERVER.upstream().hangUps();
        AtomicLong sent = new AtomicLong();
        String endless = "data: " + chunk("more and more words ".repeat(250)) + "\n\n";
        SERVER.upstream().answer(exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", "text/event-stream"));
            while (true) {
                exchange.body(endless);
                sent.addAndGet(endless.length());
            }
        });
        try (Caller caller = Caller.chat(client, SharedServer.CANCELLED_MODEL, "never-reads")) {
            // 1,000 tokens are held for it, and a few for the prompt.
            requireCharge(client, "never-reads", new Ending(UsageSource.MEASURED, "100", "103"));
            SERVER.upstream().awaitHangUps(hangUps + 1);
            assertThat(sent).as("bytes that found room on the way").hasValueLessThan(64L << 20);
            assertThat(caller.socket.isConnected()).isTrue();
        }
    }

    @Test
    void a_caller_who_never_listens_to_his_speech_is_given_up_and_pays_for_the_text() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        int hangUps = SERVER.upstream().hangUps();
        byte[] sound = new byte[64 * 1024];
        Arrays.fill(sound, (byte) 0x55);
        System.arraycopy(new byte[] {'I', 'D', '3', 4, 0, 0, 0, 0, 0, 0}, 0, sound, 0, 10);
        SERVER.upstream().answer(exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", "audio/mpeg"));
            while (true) {
                exchange.body(sound);
            }
        });
        String body = "{\"model\":\"" + SharedServer.VOICE_MODEL + "\",\"input\":\"Hello there\",\"voice\":\"alloy\"}";
        try (Caller caller = new Caller(client, "/audio/speech", "never-listens", body)) {
            requireCharge(client, "never-listens", new Ending(UsageSource.MEASURED, "11", "11"));
            SERVER.upstream().awaitHangUps(hangUps + 1);
            assertThat(caller.socket.isConnected()).isTrue();
        }
    }

    @Test
    void slow_callers_do_not_keep_others_waiting() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        SERVER.upstream().answerAll(request -> Answer.events(words(200, ending(9, 200))));
        List<Caller> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                slow.add(Caller.chat(client, SharedServer.CANCELLED_MODEL, "slow-" + i));
            }
            try (Caller quick = Caller.chat(client, SharedServer.CANCELLED_MODEL, "quick")) {
                quick.readUntil("[DONE]");
            }
            for (Caller caller : slow) {
                caller.readUntil("[DONE]");
            }
        } finally {
            for (Caller caller : slow) {
                caller.close();
            }
        }
    }
}
