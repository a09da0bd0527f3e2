package io.synapse.gateway.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SseReaderTest {
    /** Gives its bytes a few at a time, as a network does. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream in;
        private final int most;

        Trickle(byte[] bytes, int most) {
            this.in = new ByteArrayInputStream(bytes);
            this.most = most;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return in.read(target, offset, Math.min(length, most));
        }
    }

    /** Each event as "name|data". */
    private static List<String> events(byte[] stream, int atOnce) throws IOException {
        SseReader reader = new SseReader(new Trickle(stream, atOnce));
        List<String> events = new ArrayList<>();
        while (reader.next()) {
            events.add(reader.event() + "|" + reader.data());
        }
        assertThat(reader.next()).isFalse();
        return events;
    }

    static Stream<Arguments> streams() {
        String longText = "x".repeat(50_000);
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("\n\n\n", List.of()),
                Arguments.of("data: a\n\n", List.of("null|a")),
                Arguments.of("data:a\n\ndata:b\n\n", List.of("null|a", "null|b")),
                Arguments.of("data: a\r\n\r\ndata: b\r\n\r\n", List.of("null|a", "null|b")),
                Arguments.of("data: a\r\rdata: b\r\r", List.of("null|a", "null|b")),
                Arguments.of("data: a\r\n\ndata: b\n\r\n", List.of("null|a", "null|b")),
                Arguments.of("data: a\ndata: b\n\n", List.of("null|a\nb")),
                Arguments.of("data: a\r\ndata:\r\ndata: c\r\n\r\n", List.of("null|a\n\nc")),
                Arguments.of("data\ndata\n\n", List.of("null|\n")),
                Arguments.of("data:\n\n", List.of("null|")),
                Arguments.of("data:  two blanks \n\n", List.of("null| two blanks ")),
                Arguments.of("data: without a blank line", List.of("null|without a blank line")),
                Arguments.of("data: a\n\ndata: b\n", List.of("null|a", "null|b")),
                Arguments.of(": a comment\n\n:\n\ndata: a\n: within\ndata: b\n\n", List.of("null|a\nb")),
                Arguments.of(": OPENROUTER PROCESSING\n\ndata: a\n\n", List.of("null|a")),
                Arguments.of("event: ping\n\ndata: a\n\n", List.of("null|a")),
                Arguments.of("event: error\ndata: a\n\ndata: b\n\n", List.of("error|a", "null|b")),
                Arguments.of("event:x\r\ndata:a\r\n\r\n", List.of("x|a")),
                Arguments.of("id: 7\nretry: 10\nfoo: bar\ndatax: no\ndat: no\ndata: a\n\n", List.of("null|a")),
                Arguments.of("{\"error\": \"no event at all\"}\n\ndata: a\n\n", List.of("null|a")),
                Arguments.of("\uFEFFdata: a\n\n", List.of("null|a")),
                Arguments.of("\uFEFF\uFEFFdata: a\n\n", List.of()),
                Arguments.of("data: Grüße \uD83C\uDF0D 漢字\n\n", List.of("null|Grüße \uD83C\uDF0D 漢字")),
                Arguments.of("data: " + longText + "\n\ndata: b\n\n", List.of("null|" + longText, "null|b")),
                Arguments.of("data: a\n" + (": " + longText + "\n").repeat(3) + "data: b\n\n", List.of("null|a\nb")));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void reads_the_same_events_however_the_bytes_arrive(String stream, List<String> expected) throws IOException {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int atOnce : new int[] {1, 2, 3, 5, 1000, 8192, Integer.MAX_VALUE}) {
            assertThat(events(bytes, atOnce)).as("%d bytes at once", atOnce).isEqualTo(expected);
        }
    }

    @Test
    void reads_what_a_random_writer_wrote() throws IOException {
        Random random = new Random(20261121);
        for (int round = 0; round < 300; round++) {
            StringBuilder stream = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
                List<String> lines = new ArrayList<>();
                for (int j = random.nextInt(3); j >= 0; j--) {
                    String line = "é\uD83D\uDE00:{}\"".repeat(random.nextInt(2_000)) + j;
                    lines.add(line);
                    stream.append("data: ").append(line).append(end);
                    if (random.nextBoolean()) {
                        stream.append(": comment ".repeat(random.nextInt(400))).append(end);
                    }
                }
                stream.append(end);
                expected.add("null|" + String.join("\n", lines));
            }
            // A comment of no characters is a blank line, which ends an event early; take those rounds out.
            byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
            List<String> read = events(bytes, 1 + random.nextInt(9_000));
            assertThat(String.join("\n", read).replace("null|", ""))
                    .isEqualTo(String.join("\n", expected).replace("null|", ""));
        }
    }

    @Test
    void does_not_wait_for_more_than_the_blank_line() throws IOException {
        InputStream in = new InputStream() {
            private final byte[] bytes = "data: a\r\n\r".getBytes(StandardCharsets.UTF_8);
            private int position;

            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (position == bytes.length) {
                    throw new AssertionError("would block, though the event is complete");
                }
                target[offset] = bytes[position++];
                return 1;
            }
        };
        SseReader reader = new SseReader(in);
        assertThat(reader.next()).isTrue();
        assertThat(reader.data()).isEqualTo("a");
    }

    @Test
    void refuses_a_line_above_the_bound() {
        SseReader line = new SseReader(
                new Trickle(("data: " + "x".repeat(30_000)).getBytes(StandardCharsets.UTF_8), 999), 20_000);
        assertThatThrownBy(line::next).isInstanceOf(MalformedStreamException.class);
    }

    @Test
    void refuses_an_event_above_the_bound_even_in_short_lines() {
        byte[] lines = ("data: " + "x".repeat(1_000) + "\n").repeat(30).getBytes(StandardCharsets.UTF_8);
        SseReader event = new SseReader(new Trickle(lines, 999), 20_000);
        assertThatThrownBy(event::next).isInstanceOf(MalformedStreamException.class);
    }

    @Test
    void takes_a_stream_far_above_the_bound() throws IOException {
        byte[] events = "data: 0123456789\n\n: keep-alive\n\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        SseReader reader = new SseReader(new Trickle(events, 777), 1_000);
        for (int i = 0; i < 20_000; i++) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.length()).isEqualTo(10);
        }
        assertThat(reader.next()).isFalse();
    }

    @Test
    void passes_on_what_the_stream_throws() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();
        SseReader reader = new SseReader(closed);
        assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessage("Stream closed");
    }

    @Test
    void compares_data_without_making_a_string() throws IOException {
        SseReader reader =
                new SseReader(new Trickle("data:  [DONE] \n\ndata: [DONE\n\n".getBytes(StandardCharsets.UTF_8), 4));
        assertThat(reader.next()).isTrue();
        assertThat(reader.dataIs("[DONE]")).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.dataIs("[DONE]")).isFalse();
    }
}
