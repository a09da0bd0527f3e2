/** Recraft's pictures, drawn in pixels or as vector graphics. */
@NullMarked
package io.synapse.gateway.providers.recraft;

import org.jspecify.annotations.NullMarked;
