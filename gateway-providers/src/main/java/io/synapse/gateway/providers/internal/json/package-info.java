/** JSON as plain Java values, for adapters that pass on fields they know nothing about. */
@NullMarked
package io.synapse.gateway.providers.internal.json;

import org.jspecify.annotations.NullMarked;
