package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.JSON;
import static io.synapse.gateway.providers.sandbox.Asking.ask;
import static io.synapse.gateway.providers.sandbox.Asking.finish;
import static io.synapse.gateway.providers.sandbox.Asking.request;
import static io.synapse.gateway.providers.sandbox.Asking.text;
import static io.synapse.gateway.providers.sandbox.Asking.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.provider.UpstreamException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SandboxJsonTest {
    private static String body(String schema, String rest) {
        return "{\"messages\": [{\"role\": \"user\", \"content\": \"Give me JSON\"}], \"response_format\": {\"type\":"
                + " \"json_schema\", \"json_schema\": {\"name\": \"it\", \"strict\": true, \"schema\": " + schema
                + "}}" + rest + "}";
    }

    @Test
    void the_judge_is_strict() throws Exception {
        for (String pair : new String[] {
            "{'type': 'string', 'format': 'date'} 'soon'", "{'pattern': '^a$'} 'b'", "{'minimum': 3} 2"
        }) {
            String[] parts = pair.replace('\'', '"').split("(?<=}) ", -1);
            assertThatThrownBy(() -> Schemas.assertValid(JSON.readTree(parts[0]), JSON.readTree(parts[1])))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void json_object_is_an_object() throws Exception {
        JsonNode answer = ask("{\"messages\": [{\"role\": \"user\", \"content\": \"Say \\\"x\\\" as JSON\"}],"
                + " \"response_format\": {\"type\": \"json_object\"}, \"seed\": 3}");
        JsonNode object = JSON.readTree(text(answer, 0));
        assertThat(object.get("source").asText()).isEqualTo("Synapse sandbox");
        assertThat(object.get("quote").asText()).isEqualTo("Say \"x\" as JSON");
        assertThat(object.get("words").asInt()).isEqualTo(4);
    }

    @Test
    void text_is_text() throws Exception {
        assertThat(text(
                        ask("{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"response_format\": {\"type\":"
                                + " \"text\"}}"),
                        0))
                .startsWith("This is");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'object', 'properties': {'name': {'type': 'string'}, 'age': {'type': 'integer'}},"
                        + " 'required': ['name', 'age'], 'additionalProperties': false}",
                "{'type': 'array', 'items': {'type': 'number'}, 'minItems': 3, 'maxItems': 5}",
                "{'type': 'array', 'items': {'enum': ['a', 'b', 'c']}, 'minItems': 3, 'uniqueItems': true}",
                "{'type': 'array', 'items': {'type': 'boolean'}, 'minItems': 2, 'uniqueItems': true}",
                "{'type': 'array', 'prefixItems': [{'type': 'string'}, {'type': 'integer'}], 'items': false}",
                "{'type': 'array', 'contains': {'const': 7}, 'minContains': 2, 'items': {'type': 'integer'}}",
                "{'type': 'array', 'items': {'type': 'integer'}, 'contains': {'minimum': 50}}",
                "{'type': 'string', 'minLength': 30, 'maxLength': 31}",
                "{'type': 'string', 'maxLength': 3}",
                "{'type': 'string', 'maxLength': 0}",
                "{'type': 'string', 'format': 'date'}",
                "{'type': 'string', 'format': 'date-time'}",
                "{'type': 'string', 'format': 'time'}",
                "{'type': 'string', 'format': 'duration'}",
                "{'type': 'string', 'format': 'email'}",
                "{'type': 'string', 'format': 'email', 'minLength': 40}",
                "{'type': 'string', 'format': 'uuid'}",
                "{'type': 'string', 'format': 'uri', 'minLength': 60}",
                "{'type': 'string', 'format': 'ipv4'}",
                "{'type': 'string', 'format': 'ipv6'}",
                "{'type': 'string', 'format': 'hostname'}",
                "{'type': 'string', 'format': 'made-up'}",
                "{'type': 'string', 'pattern': '^[A-Z]{3}-[0-9]{4}$'}",
                "{'type': 'string', 'pattern': '^\\\\d{3}-\\\\d{2}-\\\\d{4}$'}",
                "{'type': 'string', 'pattern': '^(foo|bar)+baz?$', 'minLength': 12}",
                "{'type': 'string', 'pattern': '[a-z]+@[a-z]+\\\\.(com|org)'}",
                "{'type': 'string', 'pattern': '^#(?:[0-9a-fA-F]{3}){1,2}$'}",
                "{'type': 'string', 'pattern': '^[^\\\\s@]+@[^\\\\s@]+$', 'minLength': 25}",
                "{'type': 'string', 'pattern': '^\\\\w{2,5}$', 'minLength': 4}",
                "{'type': 'string', 'pattern': '(a+)+b', 'minLength': 200}",
                "{'type': 'string', 'pattern': '^.{5,}$'}",
                "{'type': 'string', 'pattern': ''}",
                "{'type': 'integer', 'minimum': 10, 'exclusiveMaximum': 11}",
                "{'type': 'integer', 'multipleOf': 7, 'minimum': 20, 'maximum': 22}",
                "{'type': 'integer', 'exclusiveMinimum': -5, 'maximum': -3}",
                "{'type': 'integer', 'multipleOf': 0.5, 'minimum': 3}",
                "{'type': 'number', 'exclusiveMinimum': 0, 'exclusiveMaximum': 1}",
                "{'type': 'number', 'minimum': 0.25, 'maximum': 0.25}",
                "{'type': 'number', 'maximum': -100}",
                "{'type': 'number', 'multipleOf': 0.01, 'minimum': 99.994}",
                "{'type': 'integer', 'minimum': 9007199254740993}",
                "{'minimum': 5}",
                "{'type': 'boolean'}",
                "{'type': 'null'}",
                "{'type': ['null', 'string']}",
                "{'type': ['integer', 'null'], 'minimum': 3}",
                "{'enum': [null, 1, 'x']}",
                "{'type': 'string', 'enum': [1, 2, 'three']}",
                "{'const': {'a': [1, 2]}}",
                "{'const': null}",
                "true",
                "{}",
                "{'anyOf': [{'type': 'string', 'maxLength': 2}, {'type': 'number', 'minimum': 5}]}",
                "{'anyOf': [false, {'type': 'integer'}]}",
                "{'type': 'string', 'anyOf': [{'type': 'integer'}, {'minLength': 20}]}",
                "{'oneOf': [{'type': 'number'}, {'type': 'integer'}]}",
                "{'oneOf': [{'type': 'integer', 'minimum': 0}, {'type': 'integer', 'maximum': 10}]}",
                "{'oneOf': [{'properties': {'kind': {'const': 'a'}, 'a': {'type': 'integer'}}, 'required': ['kind',"
                        + " 'a']}, {'properties': {'kind': {'const': 'b'}}, 'required': ['kind']}], 'type': 'object'}",
                "{'allOf': [{'type': 'object', 'properties': {'a': {'type': 'integer', 'minimum': 3}}, 'required':"
                    + " ['a']}, {'properties': {'a': {'maximum': 3}, 'b': {'type': 'string'}}, 'required': ['b']}]}",
                "{'allOf': [{'enum': ['a', 'b']}, {'enum': ['b', 'c']}]}",
                "{'allOf': [{'type': 'number'}, {'type': 'integer'}, {'multipleOf': 3}, {'multipleOf': 5}]}",
                "{'allOf': [{'properties': {'a': {'type': 'string'}}, 'additionalProperties': false},"
                        + " {'properties': {'b': {'type': 'string'}}}], 'type': 'object'}",
                "{'not': {'type': 'string'}}",
                "{'type': 'integer', 'not': {'const': 1}}",
                "{'type': 'object', 'properties': {'country': {'enum': ['US', 'NL']}, 'code': {'type': 'string'}},"
                        + " 'required': ['country', 'code'], 'if': {'properties': {'country': {'const': 'US'}}},"
                        + " 'then': {'properties': {'code': {'pattern': '^[0-9]{5}$'}}},"
                        + " 'else': {'properties': {'code': {'minLength': 6}}}}",
                "{'type': 'object', 'minProperties': 3}",
                "{'type': 'object', 'properties': {'a': {}, 'b': {}, 'c': {}}, 'maxProperties': 2, 'required': ['c']}",
                "{'type': 'object', 'additionalProperties': {'type': 'integer'}}",
                "{'type': 'object', 'required': ['x'], 'additionalProperties': {'type': 'integer'}}",
                "{'type': 'object', 'properties': {'a': {'type': 'string'}, 'no': false}}",
                "{'type': 'object', 'properties': {'a': {'type': 'string'}, 'b': {'type': 'string'}},"
                        + " 'dependentRequired': {'a': ['b', 'c']}}",
                "{'$defs': {'node': {'type': 'object', 'properties': {'v': {'type': 'integer'}, 'next': {'anyOf':"
                        + " [{'$ref': '#/$defs/node'}, {'type': 'null'}]}}, 'required': ['v', 'next'],"
                        + " 'additionalProperties': false}}, '$ref': '#/$defs/node'}",
                "{'type': 'object', 'properties': {'name': {'type': 'string'}, 'children': {'type': 'array', 'items':"
                        + " {'$ref': '#'}}}, 'required': ['name', 'children'], 'additionalProperties': false}",
                "{'$defs': {'a': {'type': 'object', 'properties': {'b': {'$ref': '#/$defs/b'}}, 'required': ['b']},"
                        + " 'b': {'oneOf': [{'$ref': '#/$defs/a'}, {'type': 'string'}]}}, '$ref': '#/$defs/a'}",
                "{'definitions': {'x/y~z': {'type': 'integer', 'minimum': 4}}, '$ref': '#/definitions/x~1y~0z'}",
                "{'type': 'object', 'properties': {'x': {'$ref': '#/$defs/n', 'minimum': 10}}, 'required': ['x'],"
                        + " '$defs': {'n': {'type': 'integer', 'maximum': 12}}}",
                "{'type': 'object', 'properties': {'a b': {'type': 'string'}, '日本': {'type': 'string'}, 'q\\\"':"
                        + " {'type': 'string'}}, 'required': ['a b', '日本', 'q\\\"']}"
            })
    void json_schema_is_obeyed(String single) throws Exception {
        String schema = single.replace('\'', '"');
        for (String rest : new String[] {"", ", \"seed\": 1", ", \"seed\": 5", ", \"seed\": 12345", ", \"n\": 3"}) {
            JsonNode answer = ask(body(schema.equals("true") ? "{\"allOf\": [true]}" : schema, rest));
            assertThat(finish(answer)).isEqualTo("stop");
            for (int i = 0; i < answer.get("choices").size(); i++) {
                Schemas.assertValid(JSON.readTree(schema), JSON.readTree(text(answer, i)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'allOf': [{'type': 'string'}, {'type': 'integer'}]}",
                "{'$ref': 'https://example.com/other.json'}",
                "{'$ref': '#/nowhere'}",
                "{'$ref': '#'}",
                "{'type': 'object', 'properties': {'a': {'$ref': '#'}}, 'required': ['a']}",
                "{'type': 'object', 'properties': {'a': {'$ref': '#'}, 'b': {'$ref': '#'}}, 'required': ['a', 'b']}",
                "{'anyOf': [{'$ref': '#'}, {'$ref': '#'}, {'$ref': '#'}]}",
                "{'type': 'string', 'minLength': 2000000000}",
                "{'type': 'array', 'minItems': 2000000000}",
                "{'type': 'array', 'minItems': 900, 'items': {'type': 'array', 'minItems': 900, 'items': {'type':"
                        + " 'array', 'minItems': 900}}}",
                "{'type': 'object', 'minProperties': 2000000000}",
                "{'type': 'string', 'pattern': '^x{100000}$'}",
                "{'type': 'string', 'pattern': '^(((a{900}){900}){900}){900}$'}",
                "{'type': 'string', 'pattern': '^(?=.*[0-9]).{8}$'}",
                "{'type': 'string', 'pattern': '(('}",
                "{'type': 'string', 'pattern': '['}",
                "{'type': 'string', 'pattern': '\\\\'}",
                "{'type': 'integer', 'minimum': 5, 'maximum': 4}",
                "{'type': 'integer', 'exclusiveMinimum': 1, 'exclusiveMaximum': 2}",
                "{'type': 'number', 'minimum': 1e999999}",
                "{'type': 'number', 'multipleOf': 0}",
                "{'type': 'banana'}",
                "{'enum': []}",
                "{'type': 'array', 'items': {'type': 'boolean'}, 'minItems': 3, 'uniqueItems': true}",
                "{'type': 'object', 'required': ['a'], 'additionalProperties': false}",
                "{'not': {}}"
            })
    void a_schema_without_a_value_is_refused_quickly(String single) {
        String body = body(single.replace('\'', '"'), "");
        long start = System.nanoTime();
        assertThatThrownBy(() -> whole(request(body))).isInstanceOfSatisfying(UpstreamException.class, e -> {
            assertThat(e.kind()).isEqualTo(UpstreamException.Kind.REJECTED);
            assertThat(e.param()).isEqualTo("response_format.json_schema.schema");
        });
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(2.0);
    }

    @Test
    void a_cut_document_says_so() throws Exception {
        String schema = "{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 50}";
        JsonNode answer = ask(body(schema, ", \"max_tokens\": 20"));
        assertThat(finish(answer)).isEqualTo("length");
    }

    @Test
    void wide_schemas_stay_small() throws Exception {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            properties.append(i == 0 ? "" : ", ").append("\"p" + i + "\": {\"$ref\": \"#\"}");
        }
        JsonNode answer = ask(body("{\"type\": \"object\", \"properties\": {" + properties + "}}", ""));
        assertThat(text(answer, 0).length()).isLessThan(50_000);
    }

    @Test
    void random_schemas_are_obeyed() throws Exception {
        for (int seed = 0; seed < 600; seed++) {
            JsonNode schema = new RandomSchema(new Random(seed)).document();
            JsonNode answer = ask(body(schema.toString(), ", \"max_tokens\": 32000, \"seed\": " + seed % 7));
            if (finish(answer).equals("stop")) {
                Schemas.assertValid(schema, JSON.readTree(text(answer, 0)));
            }
        }
    }
}
