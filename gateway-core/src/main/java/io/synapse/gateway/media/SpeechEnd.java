package io.synapse.gateway.media;

import io.synapse.gateway.credit.Usage;
import org.jspecify.annotations.Nullable;

/**
 * How spoken sound ended.
 *
 * @param usage what the upstream said that it used, or null if it did not say
 */
public record SpeechEnd(@Nullable Usage usage) {}
