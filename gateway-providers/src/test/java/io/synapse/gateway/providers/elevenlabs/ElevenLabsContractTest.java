package io.synapse.gateway.providers.elevenlabs;

import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.HttpSpeechProviderContract;
import io.synapse.gateway.testkit.SpeechFeature;
import io.synapse.gateway.testkit.UsageTold;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Spoken;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

/** The contract of speech. */
class ElevenLabsContractTest extends HttpSpeechProviderContract {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void end() {
        HTTP.close();
    }

    @Override
    protected SpeechProvider providerAt(URI upstream) {
        Map<String, String> settings =
                Map.of("ELEVENLABS_API_KEY", "el-test-0123456789", "ELEVENLABS_BASE_URL", upstream.toString());
        return ElevenLabsProvider.of(HTTP, settings::get).orElseThrow();
    }

    @Override
    protected UpstreamFormat<Spoken> format() {
        return (request, spoken) -> Answer.sound(spoken);
    }

    @Override
    protected Set<SpeechFeature> features() {
        return EnumSet.complementOf(EnumSet.of(SpeechFeature.INSTRUCTIONS));
    }

    @Override
    protected Object value(SpeechFeature feature) {
        // It speaks at 0.7 to 1.2 times its usual speed.
        return feature == SpeechFeature.SPEED ? 1.15 : feature.example();
    }

    @Override
    protected UsageTold usageTold() {
        return UsageTold.NEVER;
    }
}
