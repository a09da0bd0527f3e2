/**
 * The gateway on PostgreSQL: the credit ledger, API keys, accounts and their projects, sessions, reports, the audit log,
 * rate limits, idempotency keys, and a PostgreSQL that comes with the program for those who have none.
 * {@link io.synapse.gateway.billing.Billing} is the way in.
 */
@NullMarked
package io.synapse.gateway.billing;

import org.jspecify.annotations.NullMarked;
