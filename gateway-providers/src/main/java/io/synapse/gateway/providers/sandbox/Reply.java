package io.synapse.gateway.providers.sandbox;

import java.util.List;

/**
 * One choice of an answer, made but not yet delivered.
 *
 * @param content what is said; empty where tools are called
 * @param calls the tools that are called
 * @param finishReason why it ends: {@code stop}, {@code length} or {@code tool_calls}
 */
record Reply(List<Piece> content, List<Call> calls, String finishReason) {
    /**
     * A call of a tool.
     *
     * @param id the call's id
     * @param custom whether the tool takes free text instead of JSON
     * @param name the tool
     * @param input its arguments, a JSON text; or the free text
     */
    record Call(String id, boolean custom, String name, List<Piece> input) {}

    /** Tokens that a tool's name and the frame of its call count for. */
    static final int CALL_TOKENS = 8;

    /** Output tokens, all told. */
    long tokens() {
        long sum = PieceCutter.tokens(content);
        for (int i = 0; i < calls.size(); i++) {
            sum += CALL_TOKENS + PieceCutter.tokens(calls.get(i).input());
        }
        return sum;
    }
}
