/**
 * What every adapter that speaks HTTP shares: the client, the reader of event streams, and the one place where a status
 * and an error body become a kind of failure. Nothing outside knows which HTTP client stands beneath.
 */
@NullMarked
package io.synapse.gateway.providers.http;

import org.jspecify.annotations.NullMarked;
