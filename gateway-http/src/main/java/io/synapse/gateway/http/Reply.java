package io.synapse.gateway.http;

import java.util.Map;

/** Where the answer to a call goes: to the caller himself, or into a {@link Recording} that callers follow. */
interface Reply {
    /** Answers with a body that is whole. */
    void whole(int status, String type, Map<String, String> headers, byte[] body);

    /** Begins an answer whose body comes piece by piece. */
    void begin(int status, String type, Map<String, String> headers);

    /**
     * Passes a piece of the body on at once.
     *
     * @throws java.io.UncheckedIOException if nobody is there to take it
     */
    void write(byte[] bytes, int offset, int length);

    /** Keeps the connection alive with something that is no part of the answer; throws as {@link #write} does. */
    void comment(byte[] bytes);

    /** The body that has begun told of an error and ends with it. */
    void failed();

    /** The body that has begun cannot be finished, and must not look finished. */
    void breakOff();
}
