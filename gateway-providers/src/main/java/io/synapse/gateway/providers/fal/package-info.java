/**
 * The adapter to fal: pictures, edits and films by way of its queue. How its models differ in what they take is data:
 * {@link io.synapse.gateway.providers.fal.FalImageModel} and {@link io.synapse.gateway.providers.fal.FalFilmModel}.
 */
@NullMarked
package io.synapse.gateway.providers.fal;

import org.jspecify.annotations.NullMarked;
