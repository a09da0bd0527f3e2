package io.synapse.gateway.providers.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes OpenAI's log-probability entries. Stateless. */
final class Logprob {
    private Logprob() {}

    static Map<String, @Nullable Object> of(String token, double logprob) {
        List<Integer> bytes = new ArrayList<>();
        for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xff);
        }
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("token", token);
        entry.put("logprob", logprob);
        entry.put("bytes", bytes);
        return entry;
    }
}
