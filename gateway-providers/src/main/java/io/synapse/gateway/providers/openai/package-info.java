/**
 * One adapter for every upstream that speaks OpenAI's chat completions. How they differ from each other is data:
 * {@link io.synapse.gateway.providers.openai.OpenAiDialect}.
 */
@NullMarked
package io.synapse.gateway.providers.openai;

import org.jspecify.annotations.NullMarked;
