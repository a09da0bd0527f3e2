/**
 * Anthropic's Messages: OpenAI's chat completions in the words of another interface, and back. The format is that of
 * Anthropic's API reference, "Messages", version 2023-06-01.
 */
@NullMarked
package io.synapse.gateway.providers.anthropic;

import org.jspecify.annotations.NullMarked;
