package io.synapse.gateway.testkit.load;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to ask, of whom, and how hard.
 *
 * @param baseUri the base of an API in OpenAI's format, over plain http: {@code http://127.0.0.1:8080/api/v1}
 * @param key the API key to send, or null for none
 * @param model the model to ask for
 * @param stream whether to ask for streams
 * @param clients how many ask at once, each on its own connection, the next request as soon as the last is answered
 * @param warmUp how long to ask before measuring
 * @param length how long to measure
 */
public record LoadPlan(
        URI baseUri,
        @Nullable String key,
        String model,
        boolean stream,
        int clients,
        Duration warmUp,
        Duration length) {}
