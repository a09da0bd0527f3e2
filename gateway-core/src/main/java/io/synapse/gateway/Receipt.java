package io.synapse.gateway;

import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import java.util.UUID;

/**
 * What a successful call cost.
 *
 * @param charge the charge's id in the ledger
 * @param model which model answered
 * @param provider who served it
 * @param usage what it was priced from
 * @param source where the usage came from
 * @param charged what was paid
 * @param available what the wallet can spend now
 */
public record Receipt(
        UUID charge,
        Model model,
        String provider,
        Usage usage,
        UsageSource source,
        Credits charged,
        Credits available) {}
