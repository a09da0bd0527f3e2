/** What is on offer: models, what each costs, and which upstream serves it. */
@NullMarked
package io.synapse.gateway.catalog;

import org.jspecify.annotations.NullMarked;
