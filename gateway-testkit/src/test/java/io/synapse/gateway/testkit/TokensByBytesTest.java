package io.synapse.gateway.testkit;

import io.synapse.gateway.provider.TokenCounter;

class TokensByBytesTest extends TokenCounterContract {
    @Override
    protected TokenCounter counter() {
        return TokenCounter.byBytes();
    }
}
