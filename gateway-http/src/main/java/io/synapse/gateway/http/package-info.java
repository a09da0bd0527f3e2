/**
 * The HTTP face of the engine: {@code /api/v1} as OpenAI's clients expect it. Handlers translate and decide nothing; what
 * may be asked, by whom and for how much is the engine's business.
 */
@NullMarked
package io.synapse.gateway.http;

import org.jspecify.annotations.NullMarked;
