/** The two faults that any part of the engine may raise: a request that is wrong, and a store that cannot be reached. */
@NullMarked
package io.synapse.gateway.fault;

import org.jspecify.annotations.NullMarked;
