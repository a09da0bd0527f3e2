/** A load harness: an upstream that answers at once, clients that ask as fast as they can, and the sums of both. */
@NullMarked
package io.synapse.gateway.testkit.load;

import org.jspecify.annotations.NullMarked;
