package io.synapse.gateway.http;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.http.media.MultipartForm;
import io.synapse.gateway.http.media.Pictures;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /images/generations} and {@code POST /images/edits}. */
final class ImagesHandler {
    /** A picture and a mask of 15 MB each, as base64. */
    static final int MOST_BYTES = 45 * 1024 * 1024;

    private static final List<String> EDIT_TEXTS = List.of(
            "model",
            "prompt",
            "size",
            "quality",
            "style",
            "response_format",
            "output_format",
            "user",
            "negative_prompt");
    private static final List<String> EDIT_NUMBERS = List.of("n", "seed");
    /** As SDKs name the file: by itself, as one of an array, as the first of an array. */
    private static final List<String> EDIT_IMAGES = List.of("image", "image[]", "image[0]");

    private final Gateway gateway;
    private final Pictures pictures;
    private final MediaAnswers media;

    ImagesHandler(Gateway gateway, Pictures pictures, MediaAnswers media) {
        this.gateway = gateway;
        this.pictures = pictures;
        this.media = media;
    }

    void generate(ApiCall call) {
        Map<String, @Nullable Object> body = call.body().json();
        ImageRequest request = ImageRequest.of(body, picture(body, "reference_image"), null);
        answer(call, request, gateway.generateImages(call.admission(), request));
    }

    void edit(ApiCall call) {
        ImageRequest request = call.body().isForm() ? editForm(call) : editJson(call);
        answer(call, request, gateway.editImage(call.admission(), request));
    }

    private ImageRequest editJson(ApiCall call) {
        Map<String, @Nullable Object> body = call.body().json();
        if (body.get("image") == null) {
            throw new InvalidRequestException("image", "'image' is required: a data URI, base64, or an https URL.");
        }
        return ImageRequest.of(body, picture(body, "image"), picture(body, "mask"));
    }

    private @Nullable Media picture(Map<String, @Nullable Object> body, String field) {
        Object value = body.get(field);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return pictures.read(field, text);
        }
        throw new InvalidRequestException(field, "'" + field + "' must be a string.");
    }

    /** OpenAI's own form of the call, as its SDKs send it: numbers are texts, and the picture may be an array of one. */
    private ImageRequest editForm(ApiCall call) {
        MultipartForm form = call.body().form();
        List<MultipartForm.File> images = new ArrayList<>();
        EDIT_IMAGES.forEach(name -> images.addAll(form.files(name)));
        if (images.size() != 1) {
            throw new InvalidRequestException("image", "'image' is required: one picture, as a file.");
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        for (String name : EDIT_TEXTS) {
            String text = form.text(name);
            if (text != null) {
                body.put(name, text);
            }
        }
        for (String name : EDIT_NUMBERS) {
            String number = form.text(name);
            if (number != null) {
                body.put(name, wholeNumber(number));
            }
        }
        List<MultipartForm.File> masks = form.files("mask");
        return ImageRequest.of(
                body,
                pictures.read("image", images.getFirst().bytes()),
                masks.isEmpty() ? null : pictures.read("mask", masks.getFirst().bytes()));
    }

    private static Object wholeNumber(String text) {
        try {
            return Long.valueOf(text.trim());
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private void answer(ApiCall call, ImageRequest request, Answered<Images> answered) {
        boolean asUrl = "url".equals(request.body().get("response_format"));
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        for (Images.Picture picture : answered.answer().pictures()) {
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            media.put(entry, picture.media(), asUrl, call.base());
            if (picture.revisedPrompt() != null) {
                entry.put("revised_prompt", picture.revisedPrompt());
            }
            data.add(entry);
        }
        long told = answered.receipt().usage().quantity(Unit.INPUT_TOKENS);
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        usage.put("input_tokens", told > 0 ? told : gateway.tokens().count(request.prompt()));
        usage.put("output_images", data.size());
        Wire.credits(usage, answered.receipt());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", Wire.id("img_"));
        body.put("created", Wire.now());
        body.put("model", answered.receipt().model().id());
        body.put("data", data);
        body.put("usage", usage);
        call.creditHeaders(answered.receipt());
        call.json(body);
    }
}
