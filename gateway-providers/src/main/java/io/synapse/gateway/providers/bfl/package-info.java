/** FLUX at Black Forest Labs: pictures by jobs that are submitted and asked about. */
@NullMarked
package io.synapse.gateway.providers.bfl;

import org.jspecify.annotations.NullMarked;
