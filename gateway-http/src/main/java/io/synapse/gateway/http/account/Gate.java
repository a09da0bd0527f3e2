package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Account.Role;
import io.synapse.gateway.billing.Actor;
import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.billing.OpenedSession;
import io.synapse.gateway.billing.Sessions;
import io.synapse.gateway.http.Exchange;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in: tells who is signed in by the session cookie, and sees to it that a change comes from a page of ours.
 * That takes two proofs: the browser's own word where it gives one ({@code Sec-Fetch-Site}, {@code Origin}), and for
 * sessions a token that pages of strangers cannot read.
 */
final class Gate {
    static final String COOKIE = "synapse_session";
    static final String CSRF_HEADER = "X-CSRF-Token";

    private static final String ATTRIBUTE = "synapse.visitor";
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final Billing billing;
    private final @Nullable URI publicUrl;

    Gate(Billing billing, @Nullable URI publicUrl) {
        this.billing = billing;
        this.publicUrl = publicUrl;
    }

    /** Serves somebody who is signed in. */
    @FunctionalInterface
    interface Service {
        void serve(Visitor visitor, Context ctx);
    }

    /** For anybody, signed in or not. */
    Handler anybody(Handler handler) {
        return ctx -> {
            requireOwnSite(ctx);
            handler.handle(ctx);
        };
    }

    /** For whoever is signed in. */
    Handler member(Service service) {
        return ctx -> {
            Visitor visitor = visitor(ctx);
            if (!ctx.method().equals(HandlerType.GET)) {
                requireOwnSite(ctx);
                String token = ctx.header(CSRF_HEADER);
                if (token == null || !visitor.session().hasCsrfToken(token)) {
                    throw Refusals.csrf("Send the csrf_token of GET /api/account/me as " + CSRF_HEADER + ".");
                }
            }
            service.serve(visitor, ctx);
        };
    }

    /** Lets operators pass; to others that are signed in there is nothing here. */
    void requireOperator(Context ctx) {
        if (visitor(ctx).account().role() != Role.OPERATOR) {
            throw Refusals.refusal(404, "not_found", "There is nothing at " + ctx.path() + ".");
        }
    }

    private Visitor visitor(Context ctx) {
        Visitor known = ctx.attribute(ATTRIBUTE);
        if (known != null) {
            return known;
        }
        String secret = secret(ctx).orElseThrow(Refusals::notSignedIn);
        Visitor visitor = billing.sessions()
                .find(secret)
                .map(session -> new Visitor(
                        session,
                        secret,
                        billing.by(stranger(ctx).as(session.account().id()))))
                .orElseThrow(Refusals::notSignedIn);
        ctx.attribute(ATTRIBUTE, visitor);
        return visitor;
    }

    private static Optional<String> secret(Context ctx) {
        return Optional.ofNullable(ctx.cookie(COOKIE));
    }

    /** The actor of a request by somebody who is not signed in yet. */
    static Actor stranger(Context ctx) {
        return new Actor(null, address(ctx), Exchange.of(ctx).requestId());
    }

    static String address(Context ctx) {
        return ctx.req().getRemoteAddr();
    }

    /** Signs somebody in: with a new session, whatever session the browser had before. */
    OpenedSession signIn(Context ctx, Account account) {
        Sessions sessions = billing.by(stranger(ctx).as(account.id())).sessions();
        secret(ctx).ifPresent(sessions::close);
        OpenedSession opened = sessions.open(account);
        setCookie(ctx, opened.secret(), Sessions.LONGEST.toSeconds());
        return opened;
    }

    void signOut(Visitor visitor, Context ctx) {
        visitor.desk().sessions().close(visitor.secret());
        setCookie(ctx, "", 0);
    }

    private void setCookie(Context ctx, String value, long seconds) {
        ctx.res()
                .addHeader(
                        "Set-Cookie",
                        COOKIE + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Lax"
                                + (isSecure(ctx) ? "; Secure" : ""));
    }

    private boolean isSecure(Context ctx) {
        return "https".equals(ctx.scheme()) || (publicUrl != null && "https".equals(publicUrl.getScheme()));
    }

    /** Browsers say where a request comes from; a program that is no browser says nothing, and has no cookie to abuse. */
    private void requireOwnSite(Context ctx) {
        String site = ctx.header("Sec-Fetch-Site");
        String origin = ctx.header("Origin");
        if ((site != null && !OWN_SITE.contains(site.toLowerCase(Locale.ROOT)))
                || (origin != null && !isOwn(origin, ctx.header("Host")))) {
            throw Refusals.csrf("This request comes from a page of another site.");
        }
    }

    private boolean isOwn(String origin, @Nullable String host) {
        try {
            String authority = new URI(origin).getRawAuthority();
            return authority != null
                    && (authority.equalsIgnoreCase(host)
                            || (publicUrl != null && authority.equalsIgnoreCase(publicUrl.getRawAuthority())));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
