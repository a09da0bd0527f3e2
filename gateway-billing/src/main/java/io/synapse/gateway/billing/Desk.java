package io.synapse.gateway.billing;

/**
 * What can be changed, in one actor's name: every change made here says so in the audit log. Cheap; made anew for each
 * request.
 *
 * @param accounts the accounts
 * @param projects their projects
 * @param keys their keys
 * @param sessions who is signed in
 * @param codes top-up codes
 * @param switches which models are switched off
 */
public record Desk(
        Accounts accounts, Projects projects, Keys keys, Sessions sessions, TopUpCodes codes, ModelSwitches switches) {}
