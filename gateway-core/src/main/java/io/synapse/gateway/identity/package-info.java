/** Who calls: API keys, the callers behind them, and the port that tells one from the other. */
@NullMarked
package io.synapse.gateway.identity;

import org.jspecify.annotations.NullMarked;
