/** The catalog as a file: which models are on offer, who serves them and what they cost. */
@NullMarked
package io.synapse.gateway.providers.catalog;

import org.jspecify.annotations.NullMarked;
