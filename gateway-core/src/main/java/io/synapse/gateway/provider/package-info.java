/**
 * What an upstream adapter implements, one small interface a modality, and what it says when the upstream fails.
 *
 * <p>The same holds for every method of every provider:
 *
 * <ul>
 *   <li><b>Threads.</b> Calls block, one thread each, mostly virtual ones; any number run at once. A provider keeps nothing of a
 *       call after it, and holds no lock while it waits.
 *   <li><b>Requests are checked.</b> What a request's type can say is in range, and pictures and recordings are there as
 *       bytes. An adapter looks after what its own upstream cannot do: it refuses that with
 *       {@link io.synapse.gateway.provider.UpstreamException.Kind#UNSUPPORTED UNSUPPORTED} by the field's name, before
 *       anything is sent, and never drops it in silence.
 *   <li><b>Whole or not at all.</b> A normal return says that the upstream finished. Whatever broke off is an
 *       {@link io.synapse.gateway.provider.UpstreamException}, however much had come: what comes back is charged and
 *       delivered as an answer.
 *   <li><b>Once.</b> A request is sent once. The gateway alone asks again, or somebody else; a second question by the adapter
 *       would be a second bill.
 *   <li><b>Time.</b> A call ends by {@link io.synapse.gateway.provider.UpstreamCall#remaining}, and at once when
 *       {@link io.synapse.gateway.provider.UpstreamCall#onCancel it is cancelled}; the upstream is left either way, and a job
 *       that it works on is cancelled there, where that can be told.
 *   <li><b>Usage.</b> What the upstream reported, unit by unit; zero if it said zero; null if it said nothing, and then the
 *       gateway counts for itself. Never a guess.
 *   <li><b>Nothing of ours is told.</b> No credentials, addresses or account names in what is thrown; no URL of the upstream's
 *       in what is returned: what it hosts is fetched and returned as bytes.
 *   <li><b>Other exceptions</b> are mistakes of the adapter: the caller is told of an internal error, and no other route is
 *       asked.
 * </ul>
 *
 * <p>The contracts in gateway-testkit test all of it; the provider guide walks through an adapter of each shape.
 */
@NullMarked
package io.synapse.gateway.provider;

import org.jspecify.annotations.NullMarked;
