package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Accounts;
import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.billing.EmailTakenException;
import io.synapse.gateway.billing.LoginThrottle;
import io.synapse.gateway.billing.OpenedSession;
import io.synapse.gateway.billing.Passwords;
import io.synapse.gateway.billing.Session;
import io.synapse.gateway.billing.TooManyAttemptsException;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.Exchange;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /signup}, {@code POST /login}, {@code POST /logout} and {@code GET /me}. */
final class SignInHandler {
    private static final int LONGEST_EMAIL = 254;
    private static final int LONGEST_NAME = 200;
    private static final int SHORTEST_PASSWORD = 10;

    private final Billing billing;
    private final Gate gate;
    private final boolean allowSignup;
    private final Credits starterCredits;

    SignInHandler(Billing billing, Gate gate, boolean allowSignup, Credits starterCredits) {
        this.billing = billing;
        this.gate = gate;
        this.allowSignup = allowSignup;
        this.starterCredits = starterCredits;
    }

    void signUp(Context ctx) {
        if (!allowSignup) {
            throw Refusals.signupClosed();
        }
        Fields fields = Fields.of(ctx);
        String email = fields.required("email", LONGEST_EMAIL).strip();
        if (!Accounts.isEmail(email)) {
            throw Fields.wrong("email", "must be an email address");
        }
        String password = password(fields, email);
        String name = fields.string("name", LONGEST_NAME);
        try {
            billing.loginThrottle().admitSignUp(Gate.address(ctx));
        } catch (TooManyAttemptsException e) {
            throw Refusals.tooManyAttempts("sign up", e.retryAfter());
        }
        Account account;
        try {
            account = billing.by(Gate.stranger(ctx))
                    .accounts()
                    .create(email, name == null ? "" : name.strip(), Account.Role.USER, password, starterCredits);
        } catch (EmailTakenException e) {
            throw Refusals.ofField(
                    409, "email_taken", "There is an account with this email address already. Sign in.", "email");
        }
        answer(ctx, 201, gate.signIn(ctx, account).session());
    }

    /** Long enough to be no guess; what it is made of is its owner's business. */
    private static String password(Fields fields, String email) {
        String password = fields.required("password", Passwords.LONGEST);
        if (password.codePointCount(0, password.length()) < SHORTEST_PASSWORD) {
            throw Fields.wrong("password", "must be at least " + SHORTEST_PASSWORD + " characters long");
        }
        if (password.length() > Passwords.LONGEST) {
            throw Fields.wrong("password", "must be at most " + Passwords.LONGEST + " characters long");
        }
        if (password.toLowerCase(Locale.ROOT).strip().equals(email.toLowerCase(Locale.ROOT))) {
            throw Fields.wrong("password", "must not be the email address");
        }
        return password;
    }

    void login(Context ctx) {
        Fields fields = Fields.of(ctx);
        String email = fields.required("email", LONGEST_EMAIL);
        String password = fields.required("password", Passwords.LONGEST);
        LoginThrottle throttle = billing.loginThrottle();
        LoginThrottle.Attempt attempt;
        try {
            attempt = throttle.admit(email, Gate.address(ctx));
        } catch (TooManyAttemptsException e) {
            throw Refusals.tooManyAttempts("sign in", e.retryAfter());
        }
        Account account = billing.accounts().signIn(email, password).orElseThrow(Refusals::wrongPassword);
        throttle.succeeded(attempt);
        OpenedSession opened = gate.signIn(ctx, account);
        answer(ctx, 200, opened.session());
    }

    void logout(Visitor visitor, Context ctx) {
        gate.signOut(visitor, ctx);
        ctx.status(204);
    }

    void me(Visitor visitor, Context ctx) {
        answer(ctx, 200, visitor.session());
    }

    private void answer(Context ctx, int status, Session session) {
        Accounts.Balance balance =
                billing.accounts().balance(session.account().id()).orElseThrow();
        Map<String, @Nullable Object> me = new LinkedHashMap<>(Views.account(balance));
        me.put("csrf_token", session.csrfToken());
        Exchange.of(ctx).json(status, me);
    }
}
