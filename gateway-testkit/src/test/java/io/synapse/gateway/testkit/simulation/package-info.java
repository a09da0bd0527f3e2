/**
 * A deterministic simulation of the engine: several gateways over one database, every step chosen by a seed. The same seed
 * makes the same run.
 */
@NullMarked
package io.synapse.gateway.testkit.simulation;

import org.jspecify.annotations.NullMarked;
