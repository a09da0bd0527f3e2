package io.synapse.gateway.chat;

import org.jspecify.annotations.Nullable;

/**
 * How a streamed answer ended.
 *
 * @param usage what the upstream said that it used, or null if it did not say
 */
public record ChatEnd(@Nullable ChatUsage usage) {}
