package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How a page looks: its pictures under {@code target/screenshots}, light and dark, on a desktop and on a phone, and what a
 * program can tell of them. Text contrasts with its ground (WCAG AA), nothing is wider than the screen or cut off, every
 * control has a name, headings leave out no level.
 */
final class Looks {
    static final int DESKTOP_WIDTH = 1440;
    static final int DESKTOP_HEIGHT = 900;
    private static final int PHONE_WIDTH = 390;
    private static final int PHONE_HEIGHT = 844;
    private static final int HIGHEST = 3000;
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String FAULTS = script("looks.js");

    private final Page page;

    Looks(Page page) {
        this.page = page;
    }

    private static String script(String name) {
        try (var in = Objects.requireNonNull(Looks.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How much of the page is taken: whatever is below goes on in the same way. */
    private double height() {
        return Math.min(HIGHEST, ((Number) page.evaluate("() => document.documentElement.scrollHeight")).doubleValue());
    }

    /** Takes four pictures of the page as it is, and checks each; leaves it light and on the desktop. */
    void check(String name) {
        page.evaluate("window.scrollTo(0, 0)");
        for (ColorScheme theme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(theme));
            for (boolean phone : new boolean[] {true, false}) {
                page.setViewportSize(phone ? PHONE_WIDTH : DESKTOP_WIDTH, phone ? PHONE_HEIGHT : DESKTOP_HEIGHT);
                String picture =
                        name + (phone ? "-phone-" : "-desktop-") + (theme == ColorScheme.DARK ? "dark" : "light");
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setClip(0, 0, phone ? PHONE_WIDTH : DESKTOP_WIDTH, height())
                        .setPath(PICTURES.resolve(picture + ".png")));
                assertThat((List<?>) page.evaluate(FAULTS)).as(picture).isEmpty();
            }
        }
    }
}
