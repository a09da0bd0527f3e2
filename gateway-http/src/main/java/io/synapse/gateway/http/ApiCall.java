package io.synapse.gateway.http;

import io.synapse.gateway.Admission;
import io.synapse.gateway.Receipt;
import io.synapse.gateway.credit.Credits;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A metered call as its endpoint sees it: who asks for what, and where the answer goes. It needs no connection, so that it
 * can go on where the caller has hung up. Used by one thread.
 */
final class ApiCall {
    private final Admission admission;
    private final RequestBody body;
    private final String base;
    private final Reply reply;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /**
     * A call.
     *
     * @param base the gateway's own address as the caller reaches it, without a slash at its end
     */
    ApiCall(Admission admission, RequestBody body, String base, Reply reply) {
        this.admission = admission;
        this.body = body;
        this.base = base;
        this.reply = reply;
    }

    Admission admission() {
        return admission;
    }

    RequestBody body() {
        return body;
    }

    String base() {
        return base;
    }

    String requestId() {
        return admission.requestId();
    }

    /** Puts a header on the answer. */
    void header(String name, String value) {
        headers.put(name, value);
    }

    /** Puts a price on the answer. */
    void creditHeaders(Credits charged, Credits remaining) {
        header("X-Credits-Charged", charged.toString());
        header("X-Credits-Remaining", remaining.toString());
    }

    /** Puts a receipt's price on the answer. */
    void creditHeaders(Receipt receipt) {
        creditHeaders(receipt.charged(), receipt.available());
    }

    /** Answers with JSON. */
    void json(Object answer) {
        whole("application/json", Json.bytes(answer));
    }

    /** Answers with a whole body. */
    void whole(String type, byte[] bytes) {
        reply.whole(200, type, headers, bytes);
    }

    /** Begins an answer that comes piece by piece. */
    Reply begin(String type) {
        reply.begin(200, type, headers);
        return reply;
    }
}
