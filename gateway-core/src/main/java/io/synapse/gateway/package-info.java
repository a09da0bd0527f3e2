/**
 * The engine. {@link io.synapse.gateway.Gateway} takes every request of every modality down one road: authenticate, admit,
 * resolve the model, check what the key may use, reserve the worst cost, ask the upstream, settle the true cost.
 */
@NullMarked
package io.synapse.gateway;

import org.jspecify.annotations.NullMarked;
