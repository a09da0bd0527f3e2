/** Parts of the engine that are nobody else's business. Not exported. */
@NullMarked
package io.synapse.gateway.internal;

import org.jspecify.annotations.NullMarked;
