/** Deepgram: speech and transcripts. The formats are those of its API reference, version 1. */
@NullMarked
package io.synapse.gateway.providers.deepgram;

import org.jspecify.annotations.NullMarked;
