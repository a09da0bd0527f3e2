/** The bundled server: settings, first start, and {@code Main}, the one place that wires the engine to its adapters. */
@NullMarked
package io.synapse.gateway.http.app;

import org.jspecify.annotations.NullMarked;
