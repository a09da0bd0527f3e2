/** Calls that their callers name, so that sending one again does not run and charge it again. */
@NullMarked
package io.synapse.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
