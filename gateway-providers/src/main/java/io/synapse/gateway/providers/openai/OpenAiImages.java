package io.synapse.gateway.providers.openai;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Multipart;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.FieldNames;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.Pictures;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import io.synapse.gateway.providers.openai.MediaDialect.ImageModel;
import io.synapse.gateway.providers.openai.MediaDialect.SourceField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in OpenAI's format: its API reference, "Create image" and "Create image edit". Safe for use by many threads.
 */
final class OpenAiImages {
    private static final Set<String> OWNED = Set.of(
            "model",
            "prompt",
            "n",
            "size",
            "width",
            "height",
            "quality",
            "image",
            "image[]",
            "image_url",
            "reference_images",
            "mask",
            "response_format",
            "stream",
            "partial_images");

    private static final Map<String, String> OURS = Map.of(
            "size", "size",
            "width", "size",
            "height", "size",
            "image", "image",
            "image_url", "image",
            "reference_images", "image",
            "mask", "mask");

    private final String provider;
    private final UpstreamRoute generations;
    private final UpstreamRoute edits;
    private final HostedFiles files;
    private final FieldNames names;
    private final MediaDialect.Image dialect;

    OpenAiImages(Endpoint endpoint, MediaDialect.Image dialect) {
        this.provider = endpoint.id();
        this.generations = endpoint.route("/images/generations", "application/json");
        this.edits = endpoint.route("/images/edits", "application/json");
        this.files = new HostedFiles(endpoint.http(), endpoint.base());
        this.names = new FieldNames(endpoint.id(), OURS);
        this.dialect = dialect;
    }

    Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        Map<String, @Nullable Object> fields = fields(call, request);
        put(fields, call, "style", request.style());
        ProviderOptions.merge(fields, request.body(), provider, OWNED);
        return ask(call, request, () -> generations.post(call, Json.write(fields)));
    }

    Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        if (!dialect.sources().isEmpty()) {
            return drawFrom(call, request);
        }
        Media source = ImageFields.source(request);
        Map<String, @Nullable Object> fields = fields(call, request);
        ProviderOptions.merge(fields, request.body(), provider, OWNED);
        Multipart form = new Multipart();
        fields.forEach((name, value) -> write(form, name, value));
        form.file("image", Pictures.filename("image", source.type()), source);
        Media mask = request.mask();
        if (mask != null) {
            form.file("mask", Pictures.filename("mask", mask.type()), mask);
        }
        return ask(call, request, () -> edits.post(call, form));
    }

    /** An edit where it is a drawing that is told a picture too. */
    private Images drawFrom(UpstreamCall call, ImageRequest request) throws UpstreamException {
        ImageFields.refuseMask(request);
        String name = ImageFields.sourceName(request);
        SourceField field = dialect.sources().stream()
                .filter(each -> each.models().matcher(call.model()).matches())
                .findFirst()
                .orElseThrow(() -> UpstreamErrors.unsupported(
                        name, "This model does not draw from a picture; leave it out or choose a model that edits."));
        Map<String, @Nullable Object> fields = fields(call, request);
        String picture = Pictures.dataUri(ImageFields.source(request));
        fields.put(field.name(), field.list() ? List.of(picture) : picture);
        ProviderOptions.merge(fields, request.body(), provider, OWNED);
        return ask(call, request, () -> generations.post(call, Json.write(fields)));
    }

    /** What is sent, to be answered. */
    private interface Question {
        UpstreamResponse post() throws UpstreamException;
    }

    private Images ask(UpstreamCall call, ImageRequest request, Question question) throws UpstreamException {
        try (UpstreamResponse response = question.post()) {
            return read(call, request, response.whole());
        } catch (UpstreamException e) {
            throw names.translated(e, request.body());
        }
    }

    /** What both routes take. */
    private Map<String, @Nullable Object> fields(UpstreamCall call, ImageRequest request) throws UpstreamException {
        refuse(request);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("model", call.model());
        fields.put("prompt", request.prompt());
        fields.put("n", request.count());
        ImageRequest.Size size = request.size();
        if (size != null && dialect.sides()) {
            fields.put("width", size.width());
            fields.put("height", size.height());
        } else if (size != null) {
            fields.put("size", size.toString());
        }
        put(fields, call, "quality", request.quality());
        put(fields, call, "user", request.body().get("user"));
        put(fields, call, "negative_prompt", request.negativePrompt());
        put(fields, call, "seed", request.seed());
        String format = ImageFields.format(request, formats(call));
        if (format != null) {
            fields.put("output_format", format);
        }
        rules(call).forEach(rule -> rule.usual().forEach(fields::putIfAbsent));
        if (dialect.asked().matcher(call.model()).matches()) {
            fields.put("response_format", dialect.inline());
        }
        return fields;
    }

    /** What it has no word for and is more than a hint. */
    private void refuse(ImageRequest request) throws UpstreamException {
        if (!dialect.words().contains("quality")) {
            ImageFields.refuseQuality(request);
        }
        if (!dialect.words().contains("negative_prompt")) {
            ImageFields.refuseNegativePrompt(request);
        }
        if (!dialect.words().contains("seed")) {
            ImageFields.refuseSeed(request);
        }
    }

    private void put(Map<String, @Nullable Object> fields, UpstreamCall call, String name, @Nullable Object value) {
        if (!dialect.words().contains(name)) {
            return;
        }
        Object word = value;
        for (ImageModel rule : rules(call)) {
            if (rule.dropped().contains(name)) {
                return;
            }
            if (name.equals("quality") && word != null) {
                word = rule.qualities().getOrDefault(word, (String) word);
            }
        }
        if (word != null) {
            fields.put(name, word);
        }
    }

    private Set<String> formats(UpstreamCall call) {
        return rules(call).stream()
                .map(ImageModel::formats)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(dialect.formats());
    }

    private List<ImageModel> rules(UpstreamCall call) {
        return dialect.models().stream()
                .filter(rule -> rule.names().matcher(call.model()).matches())
                .toList();
    }

    /** A value as the official SDKs write it into a form: lists as repeated fields. */
    private static void write(Multipart form, String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
            list.forEach(each -> write(form, name + "[]", each));
        } else if (value instanceof String text) {
            form.text(name, text);
        } else if (value != null) {
            form.text(name, new String(Json.write(value), StandardCharsets.UTF_8));
        }
    }

    private Images read(UpstreamCall call, ImageRequest request, byte[] json) throws UpstreamException {
        Map<String, @Nullable Object> answer = Answers.object(json);
        List<@Nullable Object> data = Json.asList(answer.get("data"));
        if (data == null || data.isEmpty()) {
            throw UpstreamErrors.malformed("answered with no picture", null);
        }
        // What was not asked for was not promised to be paid for.
        int count = Math.min(data.size(), request.count());
        List<Picture> pictures = new ArrayList<>(count);
        for (Object each : data.subList(0, count)) {
            pictures.add(picture(call, answer, Json.asObject(each)));
        }
        // Not the tokens that some models count beside: every unit with a rate is charged and one without a rate is an
        // error, so that telling both would charge twice, or fail, by what else the price list holds.
        return new Images(pictures, Usage.of(Unit.IMAGES, count));
    }

    private Picture picture(
            UpstreamCall call, Map<String, @Nullable Object> answer, @Nullable Map<String, @Nullable Object> entry)
            throws UpstreamException {
        if (entry == null) {
            throw UpstreamErrors.malformed("answered with a picture that is no object", null);
        }
        Media media;
        if (entry.get("b64_json") instanceof String base64) {
            // By OpenAI's reference a picture is png unless the answer says otherwise.
            String format = answer.get("output_format") instanceof String word ? word : "png";
            media = Pictures.decoded(base64, "image/" + format);
        } else if (entry.get("url") instanceof String url) {
            media = files.picture(call, url);
        } else {
            throw UpstreamErrors.malformed("answered with a picture that is not there", null);
        }
        return new Picture(media, entry.get("revised_prompt") instanceof String prompt ? prompt : null);
    }
}
