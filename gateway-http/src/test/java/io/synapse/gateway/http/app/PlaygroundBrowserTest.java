package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The playground with a test key: all eight modalities, a call that is cancelled, a call that fails. */
class PlaygroundBrowserTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @RegisterExtension
    static final SharedBrowser BROWSER = new SharedBrowser();

    private Visitor ada;

    @BeforeEach
    void withAKey() throws Exception {
        ada = BROWSER.signedIn(SERVER, AccountClient.signedUp(SERVER));
        ada.open("/dashboard/playground");
        ada.press("Create a test key");
        ada.find("#key-bar code").waitFor();
    }

    private static byte[] picture() throws IOException {
        BufferedImage image = new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(new Color(0x4f46e5));
        pen.fillRect(0, 0, 320, 200);
        pen.setColor(Color.WHITE);
        pen.fillOval(110, 50, 100, 100);
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    /** A second of silence. */
    private static byte[] recording() throws IOException {
        AudioFormat format = new AudioFormat(16_000, 16, 1, true, false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(new byte[32_000]), format, 16_000),
                AudioFileFormat.Type.WAVE,
                out);
        return out.toByteArray();
    }

    private void go(String kind) {
        ada.page()
                .getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Kind of call"))
                .getByText(kind, new Locator.GetByTextOptions().setExact(true))
                .click();
        ada.arrived();
    }

    /** Runs the call, and waits for its figures. */
    private void run(String button) {
        ada.press(button);
        ada.find(".figures").waitFor();
        assertThat(ada.find(".figures").innerText())
                .containsPattern("Charged\\s+[\\d.,]+ credit")
                .containsPattern("Took\\s+[\\d.,]+ m?s")
                .containsPattern("Request\\s+req_");
        assertThat(ada.find(".hint:has-text('Price')").innerText())
                .containsPattern("Price in credits: ([\\d.,]+|from|free)");
    }

    /** The code of the call in every language, which names the model and the endpoint, be it as a path or as methods. */
    private void showsCode(String words) {
        String model = ada.page().locator("select[name=model]").inputValue();
        for (String language : List.of("curl", "JavaScript", "Python", "Java")) {
            ada.page()
                    .getByRole(
                            AriaRole.TAB,
                            new Page.GetByRoleOptions().setName(language).setExact(true))
                    .click();
            String code = ada.find("[role=tabpanel] pre").innerText();
            assertThat(code).as(language).contains(model).doesNotContain("undefined");
            assertThat(code.replaceAll("[^a-z]+", " ")).as(language).contains(words);
            assertThat(code).as(language).doesNotContain("mmg_test_");
        }
        ada.page()
                .getByRole(
                        AriaRole.TAB,
                        new Page.GetByRoleOptions().setName("curl").setExact(true))
                .click();
    }

    @Test
    void a_chat_is_streamed_and_sees_pictures() throws Exception {
        ada.look("playground-chat-empty");
        ada.fill("Message", "Hello there");
        ada.page().keyboard().press("Control+Enter");
        ada.find(".figures").waitFor();
        assertThat(ada.find(".figures").innerText()).contains("First byte");
        assertThat(ada.find(".bubble.assistant").innerText()).containsIgnoringCase("sandbox");
        ada.give(".composer input[type=file]", "circle.png", "image/png", picture());
        ada.find(".attached img").waitFor();
        ada.fill("Message", "What is in this picture?");
        run("Send");
        assertThat(ada.page().locator(".bubble").count()).isEqualTo(4);
        assertThat(ada.page().locator(".bubble.user img").count()).isEqualTo(1);
        showsCode("chat completions");
        assertThat(ada.find("[role=tabpanel] pre").innerText()).contains("\"stream\": true", "<BASE64_IMAGE>");
        ada.look("playground-chat");
        String id = ada.find(".figures a").getAttribute("href");
        ada.open(id);
        ada.find(".total").waitFor();
        assertThat(ada.text()).contains("input tokens");
    }

    @Test
    void pictures_are_described_drawn_and_edited() throws Exception {
        go("Captions");
        ada.press("Describe");
        ada.sees("Choose a picture first.");
        ada.give(".drop-zone input", "circle.png", "image/png", picture());
        run("Describe");
        assertThat(ada.find(".answer").innerText()).isNotBlank();
        showsCode("images captions");
        ada.look("playground-captions");

        go("Images");
        ada.page().getByLabel("Size").selectOption("512x512");
        run("Generate");
        isDrawn(".pictures img");
        showsCode("images generat");
        ada.look("playground-images");

        ada.press("Edit it");
        ada.waitForPath("/dashboard/playground/edits");
        run("Edit");
        isDrawn(".side-by-side figure:last-child img");
        showsCode("images edit");
        ada.look("playground-edits");
    }

    private void isDrawn(String selector) {
        ada.find(selector).waitFor();
        ada.page().waitForFunction("one => document.querySelector(one)?.naturalWidth > 0", selector);
    }

    @Test
    void films_and_speech_are_made_and_speech_is_read() throws Exception {
        go("Video");
        run("Generate");
        ada.page().waitForFunction("() => document.querySelector('video')?.readyState > 0");
        showsCode("videos generations");
        ada.look("playground-videos");

        go("Speech");
        run("Speak");
        ada.page().waitForFunction("() => document.querySelector('.result audio')?.duration > 0");
        showsCode("audio speech");
        ada.look("playground-speech");

        go("Transcription");
        ada.give(".drop-zone input", "silence.wav", "audio/wav", recording());
        run("Transcribe");
        assertThat(ada.find(".answer").innerText()).isNotBlank();
        showsCode("audio transcriptions");
        ada.look("playground-transcriptions");
    }

    @Test
    void texts_are_compared_by_their_vectors() {
        go("Embeddings");
        run("Embed");
        assertThat(ada.page().locator(".matrix tbody tr").count()).isEqualTo(3);
        assertThat(ada.page().locator(".matrix td.num").allInnerTexts())
                .hasSize(9)
                .allMatch(value -> value.matches("[−-]?[01]\\.\\d{3}"));
        assertThat(ada.page()
                        .locator(".matrix tbody tr")
                        .nth(1)
                        .locator("td")
                        .nth(1)
                        .innerText())
                .isEqualTo("1.000");
        showsCode("embeddings");
        ada.look("playground-embeddings");
    }

    @Test
    void a_long_call_is_cancelled() {
        ada.page().getByLabel("Rehearse").selectOption(":slow-30000");
        ada.fill("Message", "Take your time");
        ada.press("Send");
        ada.sees("Running");
        ada.press("Cancel");
        ada.sees("Cancelled");
        assertThat(ada.find(".composer textarea").inputValue()).isEqualTo("Take your time");
        ada.look("playground-cancelled");
    }

    @Test
    void a_failed_call_says_why_and_under_which_id() {
        ada.expects(502);
        ada.page().getByLabel("Rehearse").selectOption(":error-500");
        ada.fill("Message", "Fail");
        ada.press("Send");
        ada.find(".error-box").waitFor();
        assertThat(ada.find(".error-box").innerText())
                .contains("failed")
                .contains("Retry")
                .contains("req_");
        ada.look("playground-failed");
    }
}
