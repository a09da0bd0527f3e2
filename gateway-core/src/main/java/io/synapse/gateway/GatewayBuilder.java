package io.synapse.gateway;

import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.limit.RateLimiter;
import io.synapse.gateway.media.PictureSource;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.TokenCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts a {@link Gateway} together. Not for use by several threads. */
public final class GatewayBuilder {
    private static final Pattern PROVIDER_ID = Pattern.compile("[a-z0-9-]+");
    private static final int MOST_TOLD = 5;

    @Nullable
    Authenticator authenticator;

    @Nullable
    ModelCatalog catalog;

    @Nullable
    CreditLedger ledger;

    SettlementJournal journal = SettlementJournal.none();
    RateLimiter limiter = RateLimiter.inMemory();
    int requestsPerMinute = 60;
    int concurrentRequests = 500;
    final Map<String, Provider> providers = new LinkedHashMap<>();

    @Nullable
    Provider sandbox;

    TokenCounter tokens = TokenCounter.byBytes();
    Duration timeout = Duration.ofMinutes(5);

    @Nullable
    PictureSource pictures;

    @Nullable
    Duration backgroundTimeout;

    Duration lease = Duration.ofSeconds(45);
    Duration patience = Duration.ofSeconds(30);
    RetryPolicy retries = RetryPolicy.DEFAULT;
    final List<GatewayListener> listeners = new ArrayList<>();
    final Set<String> absent = new LinkedHashSet<>();
    Environment environment = Environment.SYSTEM;

    GatewayBuilder() {}

    /** Who bears which key. Required. */
    public GatewayBuilder authenticator(Authenticator port) {
        authenticator = port;
        return this;
    }

    /** What is on offer. Required. */
    public GatewayBuilder catalog(ModelCatalog port) {
        catalog = port;
        return this;
    }

    /** Whose credits. Required. */
    public GatewayBuilder ledger(CreditLedger port) {
        ledger = port;
        return this;
    }

    /**
     * Where settlements are kept that the ledger cannot take at once, beyond this process's death; nowhere if nothing is
     * said. What it holds already is sent first. It stays the caller's to close, after the gateway.
     */
    public GatewayBuilder journal(SettlementJournal port) {
        journal = port;
        return this;
    }

    /** How often a key may call; in memory if nothing is said. */
    public GatewayBuilder limiter(RateLimiter port) {
        limiter = port;
        return this;
    }

    /** Requests that any 60 seconds may hold for a key without a limit of its own; 60 if nothing is said. */
    public GatewayBuilder requestsPerMinute(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("requests per minute must be 1 or more: " + most);
        }
        requestsPerMinute = most;
        return this;
    }

    /** How many calls a key may have running at once on this gateway; 500 if nothing is said. */
    public GatewayBuilder concurrentRequests(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("concurrent requests must be 1 or more: " + most);
        }
        concurrentRequests = most;
        return this;
    }

    /** Adds an upstream under its id. */
    public GatewayBuilder provider(Provider provider) {
        if (!PROVIDER_ID.matcher(provider.id()).matches()) {
            throw new IllegalArgumentException("'" + provider.id()
                    + "' is no id for a provider: use lower-case letters, digits and dashes, such as my-models");
        }
        if (providers.putIfAbsent(provider.id(), provider) != null) {
            throw new IllegalArgumentException("there are two providers with the id " + provider.id());
        }
        return this;
    }

    /** Adds the provider that serves every model to callers with a test key, and its own models to all. */
    public GatewayBuilder sandbox(Provider provider) {
        sandbox = provider;
        return provider(provider);
    }

    /**
     * Adds ids of providers that are not here, and that the catalog may name all the same: their models are refused with
     * {@link GatewayError.ProviderNotConfigured}. A route to any other provider that is not here is taken for a mistake.
     */
    public GatewayBuilder absentProviders(Collection<String> ids) {
        absent.addAll(ids);
        return this;
    }

    /** How texts are counted; by bytes if nothing is said. */
    public GatewayBuilder tokens(TokenCounter port) {
        tokens = port;
        return this;
    }

    /** How long an upstream may take for a call, all attempts together; five minutes if nothing is said. */
    public GatewayBuilder upstreamTimeout(Duration longest) {
        timeout = positive(longest);
        return this;
    }

    /**
     * How long an upstream may take for a call that {@linkplain Admission#inBackground goes on} where nobody waits for it
     * any more; three times the other if nothing is said.
     */
    public GatewayBuilder backgroundTimeout(Duration longest) {
        backgroundTimeout = positive(longest);
        return this;
    }

    Duration backgroundTimeout() {
        return backgroundTimeout == null ? timeout.multipliedBy(3) : backgroundTimeout;
    }

    /** How often an upstream that asks to come back later is asked again; {@link RetryPolicy#DEFAULT} if nothing is said. */
    public GatewayBuilder retries(RetryPolicy policy) {
        retries = policy;
        return this;
    }

    /** How long a hold outlives the death of this process; 45 seconds if nothing is said. */
    public GatewayBuilder holdLease(Duration length) {
        lease = positive(length);
        return this;
    }

    /** How long {@link Gateway#close} waits for calls that run; 30 seconds if nothing is said. */
    public GatewayBuilder shutdownPatience(Duration longest) {
        patience = longest;
        return this;
    }

    /**
     * Who fetches the pictures that chats name by URL, for upstreams that do not fetch them themselves. If nothing is said
     * such upstreams refuse them.
     */
    public GatewayBuilder pictures(PictureSource port) {
        pictures = port;
        return this;
    }

    /** Adds somebody who is told of every call. */
    public GatewayBuilder listener(GatewayListener port) {
        listeners.add(port);
        return this;
    }

    private static Duration positive(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a duration above zero is needed, not " + duration);
        }
        return duration;
    }

    /**
     * The gateway. Blocks while the ledger takes what the journal holds, for as long as it can be asked.
     *
     * @throws IllegalStateException naming the port that is missing
     * @throws IllegalArgumentException if the catalog sends a model to a provider that is not there or does not serve its
     *     modality, or has a default that is no model of it
     */
    public Gateway build() {
        if (catalog != null) {
            List<String> problems = CatalogCheck.problems(catalog, providers.values(), absent);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(few(problems));
            }
        }
        return new Gateway(this);
    }

    private static String few(List<String> problems) {
        String first = problems.stream().limit(MOST_TOLD).collect(Collectors.joining("; "));
        return problems.size() <= MOST_TOLD ? first : first + "; and " + (problems.size() - MOST_TOLD) + " more";
    }
}
