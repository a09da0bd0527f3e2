/** Seedream's pictures at BytePlus ModelArk. */
@NullMarked
package io.synapse.gateway.providers.ark;

import org.jspecify.annotations.NullMarked;
