package io.synapse.gateway.providers.tokens;

import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.testkit.TokenCounterContract;

class JTokkitCounterContractTest extends TokenCounterContract {
    @Override
    protected TokenCounter counter() {
        return new JTokkitCounter();
    }
}
