/**
 * One adapter for every upstream that speaks OpenAI's formats. How they differ from each other is data:
 * {@link io.synapse.gateway.providers.openai.OpenAiDialect} for chat, and a
 * like one for embeddings, pictures, speech and transcripts.
 */
@NullMarked
package io.synapse.gateway.providers.openai;

import org.jspecify.annotations.NullMarked;
