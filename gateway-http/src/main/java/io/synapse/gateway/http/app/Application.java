package io.synapse.gateway.http.app;

import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.CatalogCheck;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayBuilder;
import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.billing.ModelSwitches;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.http.GatewayServer;
import io.synapse.gateway.http.Metrics;
import io.synapse.gateway.http.Routes;
import io.synapse.gateway.http.account.AccountRoutes;
import io.synapse.gateway.http.account.Upstreams;
import io.synapse.gateway.http.media.DirectoryMediaStore;
import io.synapse.gateway.http.media.PictureFetcher;
import io.synapse.gateway.http.media.Pictures;
import io.synapse.gateway.media.MediaStore;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.catalog.CatalogException;
import io.synapse.gateway.providers.catalog.CatalogFile;
import io.synapse.gateway.providers.catalog.ReloadingCatalog;
import io.synapse.gateway.providers.http.AddressResolver;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamLimits;
import io.synapse.gateway.providers.sandbox.SandboxProvider;
import io.synapse.gateway.providers.tokens.JTokkitCounter;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The whole server, wired: providers, database, ledger, catalog, engine, HTTP. Closing it ends every part, in the reverse
 * order of its start: calls finish and settle before the database goes.
 */
final class Application implements AutoCloseable {

    private static final Duration CLEAN_UP_EVERY = Duration.ofMinutes(10);
    private static final Duration AUDIT_EVERY = Duration.ofMinutes(1);
    private static final Duration CATALOG_EVERY = Duration.ofSeconds(1);
    /** How long another node's switch may go unnoticed. */
    private static final Duration SWITCHES_EVERY = Duration.ofSeconds(3);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Optional<FirstStart.Made> firstStart;
    private final HikariDataSource pool;
    private final Billing billing;
    private final Gateway gateway;
    private final GatewayServer server;

    private Application(Settings settings) {
        try {
            Metrics metrics = started(new Metrics());
            JTokkitCounter tokens = new JTokkitCounter();
            Provider sandbox = new SandboxProvider(tokens);
            UpstreamHttp http = started(new UpstreamHttp(
                    UpstreamLimits.DEFAULT.withIdle(settings.backgroundTimeout()), AddressResolver.SYSTEM));
            Plugins plugins = started(Plugins.load(settings));
            List<Provider> known = new ArrayList<>(Providers.known(http));
            known.add(sandbox);
            List<Provider> foreign = plugins.create(ids(known));
            known.addAll(foreign);
            pool = Databases.open(settings, parts);
            pool.setMetricRegistry(metrics.registry());
            billing = started(Billing.open(pool));
            ledgerFigures(metrics, billing);
            Audit audit = new Audit(billing.ledger());
            metrics.gauge("synapse.ledger.breaches", "Laws of the books that are broken; zero", audit::breaches);
            started(Every.of(AUDIT_EVERY, "synapse-audit", audit));
            firstStart = FirstStart.prepare(billing.accounts(), billing.keys(), settings);
            GatewayServer.Media media = media(settings);
            tokens.warmUp();
            ModelCatalog catalog = catalog(settings, known, plugins.ids());
            List<Provider> configured = new ArrayList<>(configured(settings, http));
            configured.addAll(foreign);
            GatewayBuilder builder = gateway(settings, metrics)
                    .tokens(tokens)
                    .pictures(media.pictures())
                    .absentProviders(ids(known))
                    .absentProviders(plugins.ids());
            configured.forEach(builder::provider);
            gateway = builder.sandbox(sandbox).catalog(switchable(catalog)).build();
            metrics.gauge(
                    "synapse.calls.unsettled", "Calls whose charge the ledger could not take yet", gateway::unsettled);
            metrics.gauge("synapse.calls.open", "Metered calls that run, each with a hold", gateway::inFlight);
            server = started(listen(
                    settings,
                    gateway,
                    metrics,
                    media,
                    List.of(accounts(settings, catalog, configured, plugins.ids()))));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything.
     *
     * @throws SettingsException if a setting turns out to be wrong
     */
    static Application start(Settings settings) {
        return new Application(settings);
    }

    private <T extends AutoCloseable> T started(T part) {
        parts.push(part);
        return part;
    }

    private static void ledgerFigures(Metrics metrics, Billing billing) {
        metrics.counter(
                "synapse.ledger.commands",
                "Ledger commands that were applied",
                () -> billing.figures().commands());
        metrics.counter(
                "synapse.ledger.batches",
                "Transactions that applied them",
                () -> billing.figures().batches());
        metrics.counter(
                "synapse.ledger.batches.failed",
                "Batches taken apart since they failed",
                () -> billing.figures().failed());
        metrics.counter(
                "synapse.ledger.commands.resent",
                "Commands of failed batches",
                () -> billing.figures().resent());
        metrics.counter(
                "synapse.ledger.holds.refused",
                "Holds refused unsent",
                () -> billing.figures().refused());
        metrics.gauge(
                "synapse.ledger.commands.waiting",
                "Ledger commands that wait to be sent",
                () -> billing.figures().waiting());
    }

    private GatewayServer.Media media(Settings settings) {
        PictureFetcher fetcher = started(new PictureFetcher(settings.allowImageFetch()));
        MediaStore store = new DirectoryMediaStore(settings.mediaDir());
        started(Every.of(CLEAN_UP_EVERY, "synapse-media-clean-up", store::cleanUp));
        return new GatewayServer.Media(new Pictures(fetcher), store, settings.publicUrl());
    }

    /** The account API; the sandbox is always configured. */
    private Routes accounts(Settings settings, ModelCatalog catalog, List<Provider> configured, Set<String> plugins) {
        Set<String> ids = ids(configured);
        ids.add(SandboxProvider.ID);
        return new AccountRoutes(
                billing,
                catalog,
                new Upstreams(ids, plugins),
                new AccountRoutes.Entrance(settings.publicUrl(), settings.allowSignup(), settings.starterCredits()));
    }

    private GatewayServer listen(
            Settings settings, Gateway gateway, Metrics metrics, GatewayServer.Media media, List<Routes> more) {
        try {
            return GatewayServer.start(
                    gateway,
                    metrics,
                    billing::isReachable,
                    media,
                    new GatewayServer.Repeats(
                            billing.idempotency(media.store()), settings.upstreamTimeout(), settings.holdLease()),
                    new GatewayServer.Limits(
                            settings.sendTimeout(), settings.connections(), GatewayServer.Limits.bodyBytesOfTheHeap()),
                    more,
                    settings.host(),
                    settings.port());
        } catch (RuntimeException e) {
            Throwable cause = Databases.rootCause(e);
            if (cause instanceof BindException) {
                throw new SettingsException("SYNAPSE_HOST, SYNAPSE_PORT: cannot listen on " + settings.host() + ":"
                        + settings.port() + " (" + cause.getMessage() + ").");
            }
            throw e;
        }
    }

    private static Set<String> ids(List<Provider> providers) {
        return providers.stream().map(Provider::id).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The catalog, checked against what the adapters can do; the operator's own part is read anew when it changes.
     *
     * @param known every provider that there is, to tell what it can do
     * @param plugins the ids of the plugins' providers; what one without credentials could do is not known
     */
    private ModelCatalog catalog(Settings settings, List<Provider> known, Set<String> plugins) {
        Set<String> ids = ids(known);
        ids.addAll(plugins);
        Function<ModelCatalog, List<String>> check = catalog -> CatalogCheck.problems(catalog, known, ids);
        Path own = settings.catalog();
        try {
            if (own != null) {
                ReloadingCatalog catalog = new ReloadingCatalog(own, check);
                started(Every.of(CATALOG_EVERY, "synapse-catalog", catalog::refresh));
                return catalog;
            }
        } catch (CatalogException e) {
            throw new SettingsException("SYNAPSE_CATALOG: " + e.getMessage());
        }
        ModelCatalog shipped = CatalogFile.shipped();
        List<String> problems = check.apply(shipped);
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("; ", problems));
        }
        return shipped;
    }

    /** The catalog without what operators switch off, here or on another node. */
    private ModelCatalog switchable(ModelCatalog catalog) {
        ModelSwitches switches = billing.switches();
        switches.refresh();
        started(Every.of(SWITCHES_EVERY, "synapse-model-switches", switches::refresh));
        return new SwitchableCatalog(catalog, switches::off);
    }

    private static List<Provider> configured(Settings settings, UpstreamHttp http) {
        try {
            return Providers.configured(http, settings.providers()::get);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(String.valueOf(e.getMessage()));
        }
    }

    private GatewayBuilder gateway(Settings settings, Metrics metrics) {
        GatewayBuilder builder = Gateway.builder()
                .authenticator(billing.authenticator())
                .ledger(billing.ledger())
                .requestsPerMinute(settings.requestsPerMinute())
                .concurrentRequests(settings.concurrentRequests())
                .upstreamTimeout(settings.upstreamTimeout())
                .backgroundTimeout(settings.backgroundTimeout())
                .holdLease(settings.holdLease())
                .shutdownPatience(settings.upstreamTimeout())
                .journal(started(journal(settings.dataDir())))
                .listener(metrics);
        return settings.sharedLimits() ? builder.limiter(billing.rateLimiter()) : builder;
    }

    private static SettlementJournal journal(Path dataDir) {
        try {
            Files.createDirectories(dataDir);
            return SettlementJournal.inFile(dataDir.resolve("settlements.journal"));
        } catch (IOException | IllegalStateException e) {
            throw new SettingsException("SYNAPSE_DATA_DIR: " + e.getMessage());
        }
    }

    /** The port that the server listens on. */
    int port() {
        return server.port();
    }

    /** The paths that the server serves, as patterns. */
    Set<String> paths() {
        return server.paths();
    }

    /** The engine. */
    Gateway gateway() {
        return gateway;
    }

    /** Its stores. */
    Billing billing() {
        return billing;
    }

    /** The database behind them. */
    DataSource database() {
        return pool;
    }

    /** What the first start made; empty on every later one. */
    Optional<FirstStart.Made> firstStart() {
        return firstStart;
    }

    @Override
    public void close() {
        Databases.closeAll(parts);
    }
}
