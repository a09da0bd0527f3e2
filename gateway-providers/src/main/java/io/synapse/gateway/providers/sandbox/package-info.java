/**
 * The built-in provider that needs no network: its answers are made up by rule, the same for the same request, and say
 * so.
 */
@NullMarked
package io.synapse.gateway.providers.sandbox;

import org.jspecify.annotations.NullMarked;
