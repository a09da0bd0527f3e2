package io.synapse.gateway.http.app;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Somebody who visits the dashboard: a browser without a past, with one page open. For one thread. */
final class Visitor implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final Pattern REFUSED = Pattern.compile("responded with a status of (\\d{3})");

    private final String root;
    private final BrowserContext context;
    private final Page page;
    private final Looks looks;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> refusals = new HashSet<>();

    Visitor(Browser browser, String root) {
        this.root = root;
        context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(Looks.DESKTOP_WIDTH, Looks.DESKTOP_HEIGHT)
                .setLocale("en-GB")
                .setTimezoneId("UTC")
                .setReducedMotion(ReducedMotion.REDUCE)
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        looks = new Looks(page);
        page.onConsoleMessage(this::said);
        page.onPageError(problems::add);
        context.onRequest(this::asked);
    }

    private void said(ConsoleMessage message) {
        var refused = REFUSED.matcher(message.text());
        boolean isExpected = refused.find() && refusals.contains(refused.group(1));
        if (message.type().equals("error") && !isExpected) {
            problems.add(message.text() + " at " + message.location());
        }
    }

    private void asked(Request request) {
        String url = request.url();
        if (!url.startsWith(root) && !url.startsWith("data:") && !url.startsWith("blob:" + root)) {
            problems.add("a request to elsewhere: " + url);
        }
    }

    /** Exceptions of scripts, errors in the console (breaches of the policy are some), and requests to other hosts. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** From now on answers with this status are expected, and no problem. */
    Visitor expects(int status) {
        refusals.add(Integer.toString(status));
        return this;
    }

    /** Signs in by the cookie of a session, as a browser in which somebody signed in before. */
    void bear(String session) {
        context.addInitScript("localStorage.setItem('synapse.signed-in', 'yes')");
        context.addCookies(List.of(new Cookie("synapse_session", session).setUrl(root)));
    }

    void forgetCookies() {
        context.clearCookies();
    }

    Page page() {
        return page;
    }

    /** Opens an address of the dashboard, and waits until its page is shown. */
    Visitor open(String path) {
        page.navigate(root + path.substring(1));
        arrived();
        return this;
    }

    /** Waits until a page is shown with all that it fetches. */
    void arrived() {
        page.waitForFunction("() => document.querySelector('main h1') && !document.querySelector('.skeleton')");
    }

    /** Waits until the address is this one. */
    void waitForPath(String path) {
        page.waitForFunction("path => location.pathname === path", path);
        arrived();
    }

    /** The first that a selector finds and that is seen. */
    Locator find(String selector) {
        return page.locator(selector).locator("visible=true").first();
    }

    /** A button or link of the open dialog, else of the page, by its words. */
    Locator button(String words) {
        Locator dialog = page.locator("dialog[open]");
        Locator within = dialog.count() > 0 ? dialog.last() : page.locator("main");
        return within.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(words).setExact(true))
                .or(within.getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(words).setExact(true)))
                .first();
    }

    void press(String words) {
        button(words).click();
    }

    /** Writes into the field of that label. */
    void fill(String label, String value) {
        Locator dialog = page.locator("dialog[open]");
        (dialog.count() > 0 ? dialog.last() : page.locator("main"))
                .getByLabel(label, new Locator.GetByLabelOptions().setExact(true))
                .first()
                .fill(value);
    }

    /** Waits until the page shows these words. */
    void sees(String words) {
        page.getByText(words).locator("visible=true").first().waitFor();
    }

    /** All that the page shows. */
    String text() {
        return page.locator("body").innerText();
    }

    String clipboard() {
        return (String) page.evaluate("navigator.clipboard.readText()");
    }

    /** Takes the page's picture, light and dark, wide and narrow, and checks it as {@link Looks} says. */
    Visitor look(String name) {
        looks.check(name);
        return this;
    }

    /** Chooses a file for the field that a selector finds. */
    void give(String selector, String name, String type, byte[] content) {
        page.locator(selector).setInputFiles(new FilePayload(name, type, content));
    }

    /** The element that has the focus: its words, or its name. */
    String focused() {
        return (String) page.evaluate("() => { const one = document.activeElement;"
                + " return one.getAttribute('aria-label') ?? (one.innerText?.trim() || one.name || one.tagName); }");
    }

    void keys(String... pressed) {
        for (String key : pressed) {
            page.keyboard().press(key);
        }
    }

    void hasNoDialog() {
        page.waitForFunction("() => !document.querySelector('dialog')");
    }

    @Override
    public void close() {
        context.close();
    }
}
