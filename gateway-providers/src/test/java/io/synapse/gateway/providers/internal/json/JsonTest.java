package io.synapse.gateway.providers.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static Object read(String json) throws MalformedJsonException {
        return Json.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "0",
                "-1",
                "2147483648",
                "123456789012345678901234567890",
                "0.10",
                "1E-8",
                "-0.31725305",
                "3.141592653589793238462643383279",
                "1E+400",
                "\"\"",
                "\"\\u0000\\n\\\"\\\\\"",
                "\"Grüße 漢字\"",
                "\"\\uD83C\\uDF0D\"",
                "{\"b\":1,\"a\":{\"z\":[1,2.50,null,false,\"x\"]},\"\":{}}"
            })
    void writes_what_it_read(String json) throws Exception {
        assertThat(text(read(json))).isEqualTo(json);
    }

    @Test
    void numbers_have_the_smallest_type_that_holds_them() throws Exception {
        assertThat(read("[1,2147483648,123456789012345678901234567890,1.0]"))
                .isEqualTo(List.of(
                        1, 2147483648L, new BigInteger("123456789012345678901234567890"), new BigDecimal("1.0")));
    }

    @Test
    void of_a_key_that_stands_twice_the_last_value_counts() throws Exception {
        assertThat(read("{\"a\":1,\"a\":2}")).isEqualTo(Map.of("a", 2));
    }

    @Test
    void takes_blank_lines_and_a_byte_order_mark_before_it() throws Exception {
        assertThat(read("\n\n\n{\"a\":1}\n")).isEqualTo(Map.of("a", 1));
        assertThat(read("\uFEFF{\"a\":1}")).isEqualTo(Map.of("a", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\":}",
                "[1,]",
                "nul",
                "{} {}",
                "{}x",
                "'a'",
                "NaN",
                "01",
                "\"\n\"",
                "{\"a\":1,}",
                "// no"
            })
    void refuses_what_is_not_json(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void refuses_without_quoting() {
        assertThatThrownBy(() -> read("{\"a\": sk-secret}"))
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void refuses_what_is_not_utf8() {
        assertThatThrownBy(() -> Json.read(new byte[] {'"', (byte) 0xC3, '"'}))
                .isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> Json.read(new byte[] {'"', (byte) 0xFF, '"'}))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void refuses_what_is_nested_too_deeply() throws Exception {
        String deep = "[".repeat(Json.MOST_DEPTH) + "]".repeat(Json.MOST_DEPTH);
        assertThat(read(deep)).isInstanceOf(List.class);
        assertThatThrownBy(() -> read("[" + deep + "]")).isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> read("[".repeat(1_000_000))).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void refuses_numbers_of_too_many_digits() {
        assertThatThrownBy(() -> read("1".repeat(1_000))).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void refuses_an_object_that_is_none() {
        byte[] list = "[1]".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Json.readObject(list, 0, list.length)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void reads_a_part_of_an_array() throws Exception {
        byte[] around = "xx{\"a\":1}yy".getBytes(StandardCharsets.UTF_8);
        assertThat(Json.readObject(around, 2, 7)).isEqualTo(Map.of("a", 1));
    }

    @Test
    void half_a_surrogate_pair_survives() throws Exception {
        assertThat(read("\"a\\ud83dé\"")).isEqualTo("a\uD83Dé");
        assertThat(text("a\uD83Dé")).isEqualTo("\"a\\uD83Dé\"");
    }

    @Test
    void writes_values_made_in_java() {
        assertThat(text(Map.of("a", 0.7))).isEqualTo("{\"a\":0.7}");
        assertThat(text(List.of(1.0f, (short) 3, 1e300))).isEqualTo("[1.0,3,1.0E+300]");
        assertThatThrownBy(() -> Json.write(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.write(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void arrays_of_one_name_are_vectors() throws Exception {
        StringBuilder many = new StringBuilder("1");
        for (int i = 1; i < 3_000; i++) {
            many.append(',').append(i).append(".5e-1");
        }
        String json = "{\"v\":[],\"w\":[1.50],\"x\":{\"v\":[" + many + "]},\"y\":[{\"v\":\"text\"}]}";
        Map<String, Object> read = Json.readVectors(json.getBytes(StandardCharsets.UTF_8), "v");
        assertThat(read.get("v")).isEqualTo(new float[0]);
        assertThat(read.get("w")).isEqualTo(List.of(new BigDecimal("1.50")));
        assertThat(read.get("y")).isEqualTo(List.of(Map.of("v", "text")));
        float[] vector = (float[]) Json.asObject(read.get("x")).get("v");
        assertThat(vector).hasSize(3_000).startsWith(1f, 0.15f, 0.25f).endsWith(299.95f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"v\":[null]}",
                "{\"v\":[\"1\"]}",
                "{\"v\":[[1]]}",
                "{\"v\":[1e99]}",
                "{\"v\":[1",
                "{\"v\":["
            })
    void vectors_of_anything_but_numbers_are_malformed(String json) {
        assertThatThrownBy(() -> Json.readVectors(json.getBytes(StandardCharsets.UTF_8), "v"))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void arrays_that_begin_with_a_number_are_vectors() throws Exception {
        Object bare = Json.readNumbers("[[1,-2.5e-1],[]]".getBytes(StandardCharsets.UTF_8));
        assertThat((List<?>) bare).hasSize(2);
        assertThat(((List<?>) bare).get(0)).isEqualTo(new float[] {1f, -0.25f});
        assertThat(((List<?>) bare).get(1)).isEqualTo(List.of());
        Object deep =
                Json.readNumbers("{\"a\":{\"b\":[[[7]]]},\"c\":[\"x\",1],\"d\":1.50}".getBytes(StandardCharsets.UTF_8));
        Map<String, Object> object = Json.asObject(deep);
        assertThat(object).containsEntry("c", List.of("x", 1)).containsEntry("d", new BigDecimal("1.50"));
        List<?> rows = (List<?>) Json.asObject(object.get("a")).get("b");
        assertThat(((List<?>) rows.getFirst()).getFirst()).isEqualTo(new float[] {7f});
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,null]", "[1,\"2\"]", "[1,[2]]", "[1e99]", "[1", "[[1,2],[3", "[1]2"})
    void numbers_beside_anything_else_are_malformed(String json) {
        assertThatThrownBy(() -> Json.readNumbers(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedJsonException.class);
    }
}
