package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Charge;
import org.jspecify.annotations.Nullable;

/**
 * One call, as a report tells it.
 *
 * @param charge its receipt
 * @param test whether it was made with a test key, and paid with test credits
 * @param keyName what its key is called now, or null if that is not known
 * @param projectName what its project is called now, or null if that is not known
 */
public record UsageRecord(
        Charge charge,
        boolean test,
        @Nullable String keyName,
        @Nullable String projectName) {}
