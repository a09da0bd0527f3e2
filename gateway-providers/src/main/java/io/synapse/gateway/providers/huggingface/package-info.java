/** Hugging Face's Inference Providers. */
@NullMarked
package io.synapse.gateway.providers.huggingface;

import org.jspecify.annotations.NullMarked;
