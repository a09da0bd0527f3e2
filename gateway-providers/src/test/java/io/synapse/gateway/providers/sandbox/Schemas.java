package io.synapse.gateway.providers.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

/** Judges values by somebody else's reading of JSON Schema. */
final class Schemas {
    private static final SchemaRegistry DRAFT_2020 =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private Schemas() {}

    static void assertValid(JsonNode schema, JsonNode value) {
        assertThat(DRAFT_2020
                        .getSchema(schema)
                        .validate(
                                value,
                                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true))))
                .as("%s against %s", value, schema)
                .isEmpty();
    }
}
