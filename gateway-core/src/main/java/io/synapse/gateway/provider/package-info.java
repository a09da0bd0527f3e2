/** What an upstream adapter implements, one small interface a modality, and what it says when the upstream fails. */
@NullMarked
package io.synapse.gateway.provider;

import org.jspecify.annotations.NullMarked;
