package io.synapse.gateway.testkit;

import static io.synapse.gateway.testkit.ChatAssertions.upstreamFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * What every {@link EmbeddingProvider} owes the gateway. The author of one extends this class with two methods: one that
 * starts an upstream that can be told what to do, and one that makes the provider that speaks to it. For a provider
 * behind HTTP extend {@link HttpEmbeddingProviderContract}. The names of the tests are the rules.
 */
public abstract class EmbeddingProviderContract
        extends MediaUpstreamRules<EmbeddingProvider, EmbeddingRequest, Embeddings, EmbeddingFeature> {
    private static final List<String> INPUTS = List.of("red", "green", "blue");
    // Exact in binary, so that they survive any way of writing numbers.
    private static final List<float[]> VECTORS =
            List.of(new float[] {0.5f, -0.25f, 1}, new float[] {0, 0.125f, -1}, new float[] {-0.5f, 2, 0.75f});

    /** There is nothing to set. */
    protected EmbeddingProviderContract() {}

    @Override
    protected Set<EmbeddingFeature> features() {
        return EnumSet.allOf(EmbeddingFeature.class);
    }

    @Override
    final EmbeddingRequest request() {
        return request(INPUTS, Map.of());
    }

    @Override
    final EmbeddingRequest request(EmbeddingFeature feature) {
        return request("red", asking(feature));
    }

    private static EmbeddingRequest request(Object input, Map<String, ?> more) {
        return EmbeddingRequest.of(joined(Map.of("model", "a-model", "input", input), more));
    }

    @Override
    final Embeddings answer(@Nullable Usage usage) {
        return new Embeddings(VECTORS, usage);
    }

    @Override
    final Embeddings answer(EmbeddingFeature feature) {
        return new Embeddings(VECTORS.subList(0, 1), null);
    }

    @Override
    final Unit unit() {
        return Unit.INPUT_TOKENS;
    }

    @Override
    final @Nullable Usage usage(Embeddings embeddings) {
        return embeddings.usage();
    }

    @Override
    final void assertSame(Embeddings embeddings, Embeddings upstreams) {
        assertThat(embeddings.vectors()).hasSameSizeAs(upstreams.vectors());
        for (int i = 0; i < upstreams.vectors().size(); i++) {
            assertThat(embeddings.vectors().get(i))
                    .as("the vector of input %d", i)
                    .containsExactly(upstreams.vectors().get(i));
        }
    }

    @Override
    final void assertKept(EmbeddingFeature feature, Embeddings answered, Embeddings upstreams) {
        assertThat(answered.vectors()).hasSize(1);
        assertThat(answered.vectors().getFirst()).hasSize(3);
    }

    @Override
    final Embeddings ask(EmbeddingProvider asked, UpstreamCall call, EmbeddingRequest request)
            throws UpstreamException {
        return asked.embed(call, request);
    }

    @Test
    void every_input_reaches_the_upstream() throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        assertThat(upstream.heard()).contains("red", "green", "blue");
    }

    @Test
    void provider_options_cannot_replace_the_model() throws Exception {
        assertModelCannotBeReplaced(options ->
                request(INPUTS, Map.of("providerOptions", Map.of(provider.id(), options))));
    }

    @Test
    void one_input_has_one_vector() throws Exception {
        Embeddings one = new Embeddings(VECTORS.subList(0, 1), null);
        upstream.answers(one);
        assertSame(ask(call(), request("red", Map.of())).result(), one);
    }

    @Test
    void too_few_vectors_or_too_many_are_malformed() {
        upstream.answers(new Embeddings(VECTORS.subList(0, 2), null));
        assertThat(upstreamFailure(ask(call(), request())).kind()).isEqualTo(Kind.MALFORMED);
        List<float[]> four = new ArrayList<>(VECTORS);
        four.add(VECTORS.getFirst());
        upstream.answers(new Embeddings(four, null));
        assertThat(upstreamFailure(ask(call(), request())).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void vectors_of_different_lengths_are_malformed() {
        upstream.answers(new Embeddings(List.of(VECTORS.get(0), new float[] {1, 2}, VECTORS.get(2)), null));
        assertThat(upstreamFailure(ask(call(), request())).kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @EnumSource
    void declared_feature_reaches_the_upstream(EmbeddingFeature feature) throws Exception {
        if (feature != EmbeddingFeature.TOKENS) {
            assertDeclaredReachesTheUpstream(feature);
        }
    }

    @Test
    void tokens_reach_the_upstream_where_they_are_declared() throws Exception {
        assumeTrue(features().contains(EmbeddingFeature.TOKENS));
        upstream.answers(answer(EmbeddingFeature.TOKENS));
        ask(call(), request(EmbeddingFeature.TOKENS)).result();
        assertThat(upstream.heard()).contains("11", "22", "33");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "UNKNOWN_FIELDS")
    void undeclared_feature_is_refused_by_its_name_and_not_dropped(EmbeddingFeature feature) {
        assertUndeclaredIsRefused(feature);
    }
}
