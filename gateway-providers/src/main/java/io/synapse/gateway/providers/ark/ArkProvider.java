package io.synapse.gateway.providers.ark;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.JsonAnswer;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.http.UpstreamSettings;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.FanOut;
import io.synapse.gateway.providers.internal.media.FieldNames;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Seedream at BytePlus ModelArk: pictures from words and from a picture, one a call; several are drawn by as many calls at
 * once. The format is that of ModelArk's API reference, "Image generation API". Safe for use by many threads; the HTTP
 * client stays its maker's to close.
 *
 * <p>An upstream that is left alone draws on and charges for it: there is no way to call a picture off.
 */
public final class ArkProvider implements ImageProvider, ImageEditProvider {
    static final String ID = "ark";
    private static final String BASE = "https://ark.ap-southeast.bytepluses.com/api/v3";
    private static final FieldNames NAMES = new FieldNames(ID, Map.of("image", "image", "size", "size"));

    private final UpstreamRoute generations;
    private final HostedFiles files;

    private ArkProvider(Endpoint endpoint) {
        this.generations = endpoint.route("/images/generations", "application/json");
        this.files = new HostedFiles(endpoint.http(), endpoint.base());
    }

    /**
     * The provider, if there is a key for it.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name ({@code ARK_API_KEY}, {@code ARK_BASE_URL}), or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<ArkProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return UpstreamSettings.of("ARK", BASE, settings)
                .map(own -> new ArkProvider(
                        new Endpoint(http, ID, own.base(), Map.of("Authorization", "Bearer " + own.key()))));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return make(call, request, ArkRequest.drawing(call, request));
    }

    @Override
    public Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return make(call, request, ArkRequest.edit(call, request));
    }

    @Override
    public String toString() {
        return "ArkProvider[]";
    }

    private Images make(UpstreamCall call, ImageRequest request, byte[] body) throws UpstreamException {
        List<Made> made = FanOut.of(request.count(), index -> one(call, request, body));
        long charged = 0;
        for (Made each : made) {
            // One that does not say what it charges makes the sum a guess.
            charged = charged < 0 || each.charged() < 0 ? -1 : charged + each.charged();
        }
        Usage usage = charged < 0 ? null : Usage.of(Unit.IMAGES, charged);
        return new Images(made.stream().map(Made::picture).toList(), usage);
    }

    /**
     * A picture.
     *
     * @param charged how many pictures it is charged as; negative if the upstream does not say
     */
    private record Made(Picture picture, long charged) {}

    private Made one(UpstreamCall call, ImageRequest request, byte[] body) throws UpstreamException {
        Map<String, @Nullable Object> answer;
        try (UpstreamResponse response = generations.post(call, body)) {
            answer = JsonAnswer.of(response);
        } catch (UpstreamException e) {
            throw NAMES.translated(e, request.body());
        }
        List<@Nullable Object> data = Json.asList(answer.get("data"));
        if (data == null || data.isEmpty()) {
            throw failure(answer, "answered with no picture");
        }
        Map<String, @Nullable Object> entry = Json.asObject(data.getFirst());
        if (entry == null || entry.get("error") != null) {
            throw failure(entry, "answered with a picture that is no object");
        }
        return new Made(new Picture(files.picture(call, entry, "image/jpeg"), null), charged(answer));
    }

    /** What it says that it drew; a number that cannot be true of one picture says nothing. */
    private static long charged(Map<String, @Nullable Object> answer) {
        Map<String, @Nullable Object> usage = Json.asObject(answer.get("usage"));
        Object count = usage == null ? null : usage.get("generated_images");
        return count instanceof Integer number && number >= 0 && number <= 1 ? number : -1;
    }

    /** What went wrong, by the error that stands in place of a picture. */
    private static UpstreamException failure(@Nullable Map<String, @Nullable Object> holder, String otherwise) {
        Map<String, @Nullable Object> error = holder == null ? null : Json.asObject(holder.get("error"));
        if (error == null) {
            return UpstreamErrors.malformed(otherwise, null);
        }
        boolean content = String.valueOf(error.get("code")).contains("SensitiveContent");
        // As a request it would have been answered with that status.
        return content ? UpstreamErrors.of(400, null, Json.write(error)) : UpstreamErrors.inside(error);
    }
}
