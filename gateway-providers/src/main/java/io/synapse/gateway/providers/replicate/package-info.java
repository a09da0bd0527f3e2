/**
 * The adapter to Replicate: pictures, edits and films by way of predictions. How its models differ in what they take is
 * data: {@link io.synapse.gateway.providers.replicate.ReplicateImageModel} and
 * {@link io.synapse.gateway.providers.replicate.ReplicateFilmModel}.
 */
@NullMarked
package io.synapse.gateway.providers.replicate;

import org.jspecify.annotations.NullMarked;
