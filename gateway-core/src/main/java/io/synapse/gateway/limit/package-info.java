/** How often a key may call. */
@NullMarked
package io.synapse.gateway.limit;

import org.jspecify.annotations.NullMarked;
