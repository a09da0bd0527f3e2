package io.synapse.gateway.testkit;

import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.testkit.fake.ChatUpstream;
import io.synapse.gateway.testkit.fake.ScriptedProvider;

class ScriptedProviderTest extends ChatProviderContract {
    @Override
    protected ChatUpstream startUpstream() {
        return new ScriptedProvider("scripted");
    }

    @Override
    protected ChatProvider startProvider(ChatUpstream started) {
        return (ScriptedProvider) started;
    }
}
