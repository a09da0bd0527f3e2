/** Counts tokens with OpenAI's vocabulary, in the process. */
@NullMarked
package io.synapse.gateway.providers.tokens;

import org.jspecify.annotations.NullMarked;
