/** Doubles written by hand: upstreams on real sockets, scripted providers, recording sinks. */
@NullMarked
package io.synapse.gateway.testkit.fake;

import org.jspecify.annotations.NullMarked;
