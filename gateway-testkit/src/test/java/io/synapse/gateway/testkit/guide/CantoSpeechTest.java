package io.synapse.gateway.testkit.guide;

import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.testkit.HttpSpeechProviderContract;
import io.synapse.gateway.testkit.SpeechFeature;
import io.synapse.gateway.testkit.UsageTold;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Spoken;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;

// guide: canto-test
class CantoSpeechTest extends HttpSpeechProviderContract {
    @Override
    protected SpeechProvider providerAt(URI upstream) {
        return new CantoSpeech(upstream, "a-key");
    }

    @Override
    protected UpstreamFormat<Spoken> format() {
        return (request, spoken) -> Answer.sound(spoken);
    }

    @Override
    protected Set<SpeechFeature> features() {
        return EnumSet.of(SpeechFeature.VOICE, SpeechFeature.SPEED, SpeechFeature.PROVIDER_OPTIONS);
    }

    @Override
    protected UsageTold usageTold() {
        return UsageTold.NEVER;
    }
}
// guide: end
