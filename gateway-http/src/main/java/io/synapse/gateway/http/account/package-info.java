/**
 * The account API: what the dashboard and operators use, under {@code /api/account} and {@code /api/admin}. Who asks is
 * told by a session cookie, never by an API key, and everything is reached through that account.
 */
@NullMarked
package io.synapse.gateway.http.account;

import org.jspecify.annotations.NullMarked;
