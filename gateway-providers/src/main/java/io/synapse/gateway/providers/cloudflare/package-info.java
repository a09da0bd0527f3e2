/** Cloudflare's Workers AI. */
@NullMarked
package io.synapse.gateway.providers.cloudflare;

import org.jspecify.annotations.NullMarked;
