/**
 * Money: amounts, what a call used, what that costs, and the ledger port that holds an amount before a call and settles
 * it once after. Usage is unit to quantity and a price list is unit to rate, so nothing here knows about modalities.
 */
@NullMarked
package io.synapse.gateway.credit;

import org.jspecify.annotations.NullMarked;
