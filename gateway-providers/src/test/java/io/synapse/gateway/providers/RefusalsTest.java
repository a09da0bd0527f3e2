package io.synapse.gateway.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.MediaCalls;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How upstreams of media refuse, each in its own format, is understood on every route of its adapter. */
@Timeout(60)
class RefusalsTest {
    private static final FakeUpstream UPSTREAM = new FakeUpstream();
    private static final UpstreamHttp HTTP = new UpstreamHttp();
    private static final Map<String, Provider> PROVIDERS = new LinkedHashMap<>();

    @BeforeAll
    static void configure() {
        String base = UPSTREAM.uri() + "/v1";
        Providers.configured(HTTP, name -> name.endsWith("_BASE_URL") ? base : "none")
                .forEach(provider -> PROVIDERS.put(provider.id(), provider));
    }

    @AfterAll
    static void close() {
        HTTP.close();
        UPSTREAM.close();
    }

    /** What can be asked for. */
    enum Verb {
        DRAW(ImageProvider.class) {
            @Override
            void ask(Provider provider, UpstreamCall call) throws UpstreamException {
                ((ImageProvider) provider).draw(call, MediaCalls.image("{\"prompt\":\"a fox\"}"));
            }
        },
        EDIT(ImageEditProvider.class) {
            @Override
            void ask(Provider provider, UpstreamCall call) throws UpstreamException {
                ((ImageEditProvider) provider)
                        .edit(call, ImageRequest.of(Map.of("prompt", "snow"), MediaCalls.PNG, null));
            }
        },
        FILM(VideoProvider.class) {
            @Override
            void ask(Provider provider, UpstreamCall call) throws UpstreamException {
                ((VideoProvider) provider).film(call, VideoRequest.of(Map.of("prompt", "waves"), null));
            }
        },
        SPEAK(SpeechProvider.class) {
            @Override
            void ask(Provider provider, UpstreamCall call) throws UpstreamException {
                ((SpeechProvider) provider).speak(call, SpeechRequest.of(Map.of("input", "Hi")), new Silence());
            }
        },
        TRANSCRIBE(TranscriptionProvider.class) {
            @Override
            void ask(Provider provider, UpstreamCall call) throws UpstreamException {
                ((TranscriptionProvider) provider).transcribe(call, MediaCalls.transcription(Map.of()));
            }
        };

        private final Class<? extends Provider> capability;

        Verb(Class<? extends Provider> capability) {
            this.capability = capability;
        }

        abstract void ask(Provider provider, UpstreamCall call) throws UpstreamException;
    }

    private static final class Silence implements SpeechSink {
        @Override
        public void begins(String type) {
            throw new AssertionError("there is sound");
        }

        @Override
        public void bytes(byte[] buffer, int offset, int length) {
            throw new AssertionError("there is sound");
        }
    }

    /** Upstreams' ways to refuse: the kind, the wait that is understood in milliseconds, a header, the body in other quotes. */
    private static final String REFUSALS = """
        openai | 429 | RATE_LIMITED | 1500 | retry-after-ms: 1500 | {'error':{'message':'Rate limit reached','type':'requests','param':null,'code':'rate_limit_exceeded'}}
        openai | 429 | QUOTA_EXHAUSTED |  |  | {'error':{'message':'m','type':'insufficient_quota','param':null,'code':'insufficient_quota'}}
        openai | 401 | UNAUTHORIZED |  |  | {'error':{'message':'m','type':'invalid_request_error','param':null,'code':'invalid_api_key'}}
        openai | 404 | MODEL_GONE |  |  | {'error':{'message':'m','type':'invalid_request_error','param':null,'code':'model_not_found'}}
        openai | 400 | REJECTED |  |  | {'error':{'message':'m','type':'invalid_request_error','param':null,'code':'content_policy_violation'}}
        openai | 503 | OVERLOADED | 3000 | retry-after: 3 | {'error':{'message':'m'}}
        groq | 429 | RATE_LIMITED | 2000 | retry-after: 2 | {'error':{'message':'Rate limit reached','type':'tokens','code':'rate_limit_exceeded'}}
        groq | 498 | OVERLOADED |  |  | {'error':{'message':'over capacity'}}
        groq | 400 | MODEL_GONE |  |  | {'error':{'message':'m','type':'invalid_request_error','code':'model_decommissioned'}}
        together | 429 | RATE_LIMITED |  |  | {'id':'a','error':{'message':'m','type':'rate_limit','param':null,'code':null}}
        together | 402 | QUOTA_EXHAUSTED |  |  | {'error':{'message':'Credit limit exceeded','type':'credit_limit'}}
        gemini | 429 | RATE_LIMITED | 37500 |  | {'error':{'code':429,'message':'q','status':'RESOURCE_EXHAUSTED','details':[{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'37.5s'}]}}
        gemini | 429 | QUOTA_EXHAUSTED |  |  | {'error':{'code':429,'message':'q','status':'RESOURCE_EXHAUSTED','details':[{'violations':[{'quotaId':'GenerateRequestsPerDayPerProjectPerModel'}]}]}}
        gemini | 400 | UNAUTHORIZED |  |  | {'error':{'code':400,'message':'API key not valid.','status':'INVALID_ARGUMENT','details':[{'reason':'API_KEY_INVALID'}]}}
        gemini | 404 | MODEL_GONE |  |  | {'error':{'code':404,'message':'m','status':'NOT_FOUND'}}
        gemini | 503 | OVERLOADED |  |  | {'error':{'code':503,'message':'m','status':'UNAVAILABLE'}}
        cloudflare | 429 | RATE_LIMITED | 9000 | Retry-After: 9 | {'result':null,'success':false,'errors':[{'code':10013,'message':'m'}],'messages':[]}
        cloudflare | 429 | QUOTA_EXHAUSTED |  |  | {'result':null,'success':false,'errors':[{'code':3036,'message':'m'}],'messages':[]}
        cloudflare | 429 | OVERLOADED |  |  | {'result':null,'success':false,'errors':[{'code':3040,'message':'m'}],'messages':[]}
        cloudflare | 410 | MODEL_GONE |  |  | {'result':null,'success':false,'errors':[{'code':5028,'message':'m'}],'messages':[]}
        cloudflare | 401 | UNAUTHORIZED |  |  | {'result':null,'success':false,'errors':[{'code':10000,'message':'m'}],'messages':[]}
        huggingface | 429 | RATE_LIMITED |  |  | {'error':'Too many requests'}
        huggingface | 503 | OVERLOADED | 20500 |  | {'error':'Model a/b is currently loading','estimated_time':20.5}
        huggingface | 402 | QUOTA_EXHAUSTED |  |  | {'error':'exceeded your credits'}
        huggingface | 401 | UNAUTHORIZED |  |  | {'error':'Invalid username or password.'}
        fal | 429 | RATE_LIMITED |  |  | {'detail':'Too many requests'}
        fal | 403 | QUOTA_EXHAUSTED |  |  | {'detail':'Exhausted balance.'}
        fal | 504 | TIMED_OUT |  | X-Fal-Error-Type: startup_timeout | {'detail':'m','error_type':'startup_timeout'}
        fal | 422 | REJECTED |  |  | {'detail':[{'loc':['body'],'msg':'m','type':'content_policy_violation'}]}
        replicate | 429 | RATE_LIMITED | 30000 |  | {'detail':'Request was throttled. Your rate limit resets in ~30s.','status':429}
        replicate | 402 | QUOTA_EXHAUSTED |  |  | {'title':'Insufficient credit','status':402}
        replicate | 422 | REJECTED |  |  | {'detail':'- input is required','title':'Input validation failed','status':422}
        recraft | 429 | RATE_LIMITED | 1000 | Retry-After: 1 | {'code':'rate_limit','message':'m'}
        recraft | 400 | QUOTA_EXHAUSTED |  |  | {'code':'not_enough_credits','message':'m'}
        ark | 429 | RATE_LIMITED |  |  | {'error':{'code':'ModelAccountIpmRateLimitExceeded','message':'m'}}
        ark | 403 | QUOTA_EXHAUSTED |  |  | {'error':{'code':'AccountOverdueError','message':'m'}}
        bfl | 429 | RATE_LIMITED | 5000 | Retry-After: 5 | {'detail':'m'}
        bfl | 402 | QUOTA_EXHAUSTED |  |  | {'detail':'Insufficient credits'}
        elevenlabs | 401 | QUOTA_EXHAUSTED |  |  | {'detail':{'status':'quota_exceeded','message':'m'}}
        elevenlabs | 429 | RATE_LIMITED | 4000 | Retry-After: 4 | {'detail':{'status':'too_many_concurrent_requests','message':'m'}}
        elevenlabs | 422 | REJECTED |  |  | {'detail':[{'loc':['body','x'],'msg':'m','type':'missing'}]}
        deepgram | 429 | RATE_LIMITED |  |  | {'err_code':'TOO_MANY_REQUESTS','err_msg':'m','request_id':'r'}
        deepgram | 402 | QUOTA_EXHAUSTED |  |  | {'err_code':'ASR_PAYMENT_REQUIRED','err_msg':'m','request_id':'r'}
        deepgram | 401 | UNAUTHORIZED |  |  | {'err_code':'INVALID_AUTH','err_msg':'m','request_id':'r'}
        """;

    /** What each adapter does, and a model that does it. */
    private static final String ROUTES = """
        openai | DRAW | gpt-image-2
        openai | EDIT | gpt-image-2
        openai | SPEAK | gpt-4o-mini-tts
        openai | TRANSCRIBE | whisper-1
        groq | SPEAK | canopylabs/orpheus-v1-english
        groq | TRANSCRIBE | whisper-large-v3
        together | DRAW | black-forest-labs/FLUX.1-schnell
        together | EDIT | black-forest-labs/FLUX.1-kontext-pro
        gemini | DRAW | gemini-3.1-flash-image
        gemini | EDIT | gemini-3.1-flash-image
        gemini | FILM | veo-3.1-generate-preview
        gemini | SPEAK | gemini-3.8-flash-tts
        cloudflare | DRAW | @cf/black-forest-labs/flux-1-schnell
        cloudflare | TRANSCRIBE | @cf/openai/whisper-large-v3-turbo
        huggingface | DRAW | black-forest-labs/FLUX.1-schnell
        huggingface | TRANSCRIBE | openai/whisper-large-v3
        fal | DRAW | fal-ai/flux/schnell
        fal | EDIT | fal-ai/flux-pro/kontext
        fal | FILM | fal-ai/ltx-video
        replicate | DRAW | black-forest-labs/flux-schnell
        replicate | EDIT | black-forest-labs/flux-kontext-pro
        replicate | FILM | lightricks/ltx-video
        recraft | DRAW | recraftv3
        recraft | EDIT | recraftv3
        ark | DRAW | seedream-4-0-250828
        ark | EDIT | seedream-4-0-250828
        bfl | DRAW | flux-kontext-pro
        bfl | EDIT | flux-kontext-pro
        elevenlabs | SPEAK | eleven_flash_v2_5
        elevenlabs | TRANSCRIBE | scribe_v2
        deepgram | SPEAK | aura-2-thalia-en
        deepgram | TRANSCRIBE | nova-3
        """;

    private static List<String[]> table(String text) {
        return text.lines()
                .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toArray(String[]::new))
                .toList();
    }

    static Stream<Arguments> refusals() {
        return table(ROUTES).stream()
                .flatMap(route -> table(REFUSALS).stream()
                        .filter(refusal -> refusal[0].equals(route[0]))
                        .map(refusal -> arguments(
                                route[0],
                                Verb.valueOf(route[1]),
                                route[2],
                                Integer.parseInt(refusal[1]),
                                Kind.valueOf(refusal[2]),
                                refusal[3],
                                refusal[4],
                                refusal[5])));
    }

    @ParameterizedTest(name = "{0} {1} {3} {4}")
    @MethodSource("refusals")
    void refusal_is_understood(
            String provider,
            Verb verb,
            String model,
            int status,
            Kind kind,
            String millis,
            String header,
            String body) {
        UPSTREAM.reset();
        String[] named = header.split(": ", 2);
        UPSTREAM.answer(Answer.json(
                status, named.length == 2 ? Map.of(named[0], named[1]) : Map.of(), body.replace('\'', '"')));
        UpstreamException failure = MediaCalls.failure(() -> verb.ask(PROVIDERS.get(provider), MediaCalls.call(model)));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).isEqualTo(millis.isEmpty() ? null : Duration.ofMillis(Long.parseLong(millis)));
        assertThat(failure.param()).isNull();
        assertThat(UPSTREAM.requests()).hasSize(1);
    }

    @Test
    void no_route_is_left_out() {
        List<String> listed =
                table(ROUTES).stream().map(route -> route[0] + " " + route[1]).toList();
        for (Provider provider : PROVIDERS.values()) {
            for (Verb verb : Verb.values()) {
                if (verb.capability.isInstance(provider)) {
                    assertThat(listed).contains(provider.id() + " " + verb);
                }
            }
        }
    }
}
