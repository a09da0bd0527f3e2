/** The adapters of upstreams that the gateway brings along. */
@NullMarked
package io.synapse.gateway.providers;

import org.jspecify.annotations.NullMarked;
