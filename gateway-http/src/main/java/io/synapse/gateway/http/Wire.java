package io.synapse.gateway.http;

import io.synapse.gateway.Receipt;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What answers of several endpoints have in common. */
final class Wire {
    private Wire() {}

    /** A new id: a prefix such as {@code img_}, and 32 hexadecimal digits. */
    static String id(String prefix) {
        return prefix + UUID.randomUUID().toString().replace("-", "");
    }

    /** Now, in seconds since 1970. */
    static long now() {
        return System.currentTimeMillis() / 1000;
    }

    /** Adds to a usage object what was paid. */
    static void credits(Map<String, @Nullable Object> usage, Receipt receipt) {
        usage.put("credits_charged", Json.number(receipt.charged()));
        usage.put("credits_remaining", Json.number(receipt.available()));
    }
}
