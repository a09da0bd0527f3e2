package io.synapse.gateway.billing;

/**
 * What one node's ledger has written since it was opened, for metrics. {@code commands / batches} is the mean size of a
 * batch: 1 where callers never meet, more the busier it is.
 *
 * @param commands holds, settles and releases that were applied in batches
 * @param batches transactions that applied them
 * @param failed batches that failed whole, each of whose commands was then applied by itself
 * @param resent commands of failed batches
 * @param refused holds refused unsent, because too many waited or the wait was too long
 * @param waiting commands that wait to be sent now
 */
public record LedgerFigures(long commands, long batches, long failed, long resent, long refused, int waiting) {}
