package io.synapse.gateway.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.testkit.fake.HttpMediaUpstream;
import io.synapse.gateway.testkit.fake.JobUpstream;
import io.synapse.gateway.testkit.fake.MediaUpstream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A provider of something else than chat and its upstream, started for each test, and how a contract calls them.
 *
 * @param <P> what the provider is
 * @param <R> what it is asked
 * @param <A> what it answers
 * @param <F> what it may or may not be able to do
 */
abstract class MediaCalls<P extends Provider, R, A, F extends Enum<F> & MediaFeature> {
    // Set before each test, and only there.
    @SuppressWarnings("NullAway.Init")
    MediaUpstream<A> upstream;

    @SuppressWarnings("NullAway.Init")
    P provider;

    /** Starts the upstream, scripted by this kit. */
    protected abstract MediaUpstream<A> startUpstream();

    /** Makes the provider under test, which speaks to the upstream just started. */
    protected abstract P startProvider(MediaUpstream<A> started);

    /** What the provider can do; everything, unless an author says otherwise. */
    protected abstract Set<F> features();

    /**
     * What the provider may leave out since it is a mere hint, and documented as one: it changes neither what the answer
     * costs nor whether it is what was asked for. Nothing, unless an author says otherwise.
     */
    protected Set<F> hints() {
        return Set.of();
    }

    /** The value of a feature's field, for upstreams that take only some. */
    protected Object value(F feature) {
        return feature.example();
    }

    /** The name of the model that the upstream is asked for. */
    protected String upstreamModel() {
        return "upstream-model-1";
    }

    /** What requests call that model, where it is not by its name. */
    protected String modelAsSent() {
        return upstreamModel();
    }

    /** What the upstream tells of what a call used; exact numbers, unless an author says otherwise. */
    protected UsageTold usageTold() {
        return UsageTold.EXACTLY;
    }

    /** How long a call may take to end that should end at once. */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    /** How long a call may take that is to run out of time. */
    Duration briefly() {
        return Duration.ofMillis(150);
    }

    /** A plain request. */
    abstract R request();

    /** A request that asks for a feature. */
    abstract R request(F feature);

    /** A good answer that uses so much, or does not say. */
    abstract A answer(@Nullable Usage usage);

    /** A good answer to a request that asks for a feature. */
    A answer(F feature) {
        return answer((Usage) null);
    }

    /** What the upstream counts. */
    abstract Unit unit();

    /** Asks. */
    abstract A ask(P asked, UpstreamCall call, R request) throws UpstreamException;

    /** What the provider says was used. */
    abstract @Nullable Usage usage(A answer);

    /** Checks that the provider's answer is what the upstream answered, but for the usage. */
    abstract void assertSame(A answer, A upstreams);

    @BeforeEach
    final void start() {
        upstream = startUpstream();
        provider = startProvider(upstream);
    }

    @AfterEach
    final void stop() throws Exception {
        close(provider);
        upstream.close();
    }

    static void close(Provider done) throws Exception {
        if (done instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /** A call with all the time of the test. */
    protected final UpstreamCall call() {
        return call(patience().multipliedBy(2));
    }

    final UpstreamCall call(Duration timeout) {
        return new UpstreamCall("call-1", upstreamModel(), OptionalLong.empty(), timeout);
    }

    final Patiently<A> ask(UpstreamCall call, R request) {
        return Patiently.start(patience(), () -> ask(provider, call, request));
    }

    /** How many requests a call takes when all is well. */
    final int requestsOfACall() throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        return upstream.requests();
    }

    /** The field that asks for a feature, and its value. */
    final Map<String, Object> asking(F feature) {
        Object value = value(feature);
        return feature.field().equals("providerOptions")
                ? Map.of("providerOptions", Map.of(provider.id(), Map.of("a_field_of_tomorrow", value)))
                : Map.of(feature.field(), value);
    }

    static Map<String, @Nullable Object> joined(Map<String, ?> plain, Map<String, ?> more) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>(plain);
        body.putAll(more);
        return body;
    }

    /** The upstream as one of jobs; skips the test if it is none. */
    final JobUpstream<A> jobs() {
        assumeTrue(upstream instanceof JobUpstream, "an upstream of jobs");
        return (JobUpstream<A>) upstream;
    }

    /** The upstream as one behind HTTP; skips the test if it is none. */
    final HttpMediaUpstream<A> http() {
        assumeTrue(upstream instanceof HttpMediaUpstream, "an upstream behind HTTP");
        return (HttpMediaUpstream<A>) upstream;
    }
}
