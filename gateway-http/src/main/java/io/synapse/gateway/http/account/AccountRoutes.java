package io.synapse.gateway.http.account;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.Router;
import io.synapse.gateway.http.Routes;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes under {@code /api/account} and {@code /api/admin}: people sign up and in, and govern their keys, projects and
 * credits; operators govern the gateway.
 */
public final class AccountRoutes implements Routes {
    private static final String ACCOUNT = "/api/account";
    private static final String ADMIN = "/api/admin";
    private static final Handler NO_STORE = ctx -> ctx.header("Cache-Control", "no-store");

    private final Gate gate;
    private final SignInHandler signIn;
    private final KeysHandler keys = new KeysHandler();
    private final ProjectsHandler projects;
    private final ReportsHandler reports;
    private final CreditsHandler credits = new CreditsHandler();
    private final OperatorHandler operators;
    private final ModelsHandler models;

    /**
     * How strangers come in.
     *
     * @param publicUrl how the server is reached from outside, or null to tell it from each request
     * @param allowSignup whether they may sign up by themselves
     * @param starterCredits what they get when they do
     */
    public record Entrance(@Nullable URI publicUrl, boolean allowSignup, Credits starterCredits) {}

    /**
     * Makes the routes.
     *
     * @param billing the stores behind them
     * @param catalog every model, those that are switched off too
     * @param upstreams the providers behind them
     * @param entrance how strangers come in
     */
    public AccountRoutes(Billing billing, ModelCatalog catalog, Upstreams upstreams, Entrance entrance) {
        this.gate = new Gate(billing, entrance.publicUrl());
        this.signIn = new SignInHandler(billing, gate, entrance.allowSignup(), entrance.starterCredits());
        this.projects = new ProjectsHandler(catalog);
        this.reports = new ReportsHandler(billing.usage(), billing.history(), billing.ledger());
        this.operators = new OperatorHandler(billing.auditLog());
        this.models = new ModelsHandler(catalog, upstreams);
    }

    @Override
    public void addTo(Router router) {
        router.before(ACCOUNT + "/*", NO_STORE);
        router.before(ADMIN + "/*", NO_STORE);
        // Before anything else is told, even which routes there are.
        router.before(ADMIN + "/*", gate::requireOperator);
        router.route(ACCOUNT + "/signup", post(gate.anybody(signIn::signUp)));
        router.route(ACCOUNT + "/login", post(gate.anybody(signIn::login)));
        router.route(ACCOUNT + "/logout", post(gate.member(signIn::logout)));
        router.route(ACCOUNT + "/me", get(gate.member(signIn::me)));
        router.route(ACCOUNT + "/keys", getAndPost(gate.member(keys::list), gate.member(keys::create)));
        router.route(ACCOUNT + "/keys/{id}", Map.of(HandlerType.DELETE, gate.member(keys::revoke)));
        router.route(ACCOUNT + "/projects", getAndPost(gate.member(projects::list), gate.member(projects::create)));
        router.route(
                ACCOUNT + "/projects/{id}",
                Map.of(
                        HandlerType.PATCH, gate.member(projects::change),
                        HandlerType.DELETE, gate.member(projects::delete)));
        router.route(ACCOUNT + "/usage", get(gate.member(reports::usage)));
        router.route(ACCOUNT + "/usage/{id}", get(gate.member(reports::one)));
        router.route(ACCOUNT + "/ledger", get(gate.member(reports::ledger)));
        router.route(ACCOUNT + "/redeem", post(gate.member(credits::redeem)));
        router.route(ACCOUNT + "/test-credits", post(gate.member(credits::refill)));
        router.route(ADMIN + "/accounts", get(gate.member(operators::accounts)));
        router.route(ADMIN + "/accounts/{id}/credits", post(gate.member(operators::grant)));
        router.route(ADMIN + "/codes", post(gate.member(operators::codes)));
        router.route(
                ADMIN + "/models",
                Map.of(HandlerType.GET, gate.member(models::list), HandlerType.PATCH, gate.member(models::change)));
        router.route(ADMIN + "/providers", get(gate.member(models::providers)));
        router.route(ADMIN + "/audit", get(gate.member(operators::audit)));
    }

    private static Map<HandlerType, Handler> get(Handler handler) {
        return Map.of(HandlerType.GET, handler);
    }

    private static Map<HandlerType, Handler> post(Handler handler) {
        return Map.of(HandlerType.POST, handler);
    }

    private static Map<HandlerType, Handler> getAndPost(Handler get, Handler post) {
        return Map.of(HandlerType.GET, get, HandlerType.POST, post);
    }
}
