package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.internal.media.ImageFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Pictures from words: drawings that a prompt's fingerprint decides, as PNG of exactly the asked size. */
final class SandboxImages {
    private static final Size USUAL_SIZE = new Size(1024, 1024);

    private SandboxImages() {}

    static Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        Faults.beginWhole(call);
        ImageFields.format(request, Set.of("png"));
        Size asked = request.size();
        Size size = asked == null ? USUAL_SIZE : asked;
        long number = Fingerprint.of(request.prompt(), request.seed());
        List<Images.Picture> pictures = new ArrayList<>(request.count());
        for (int i = 0; i < request.count(); i++) {
            Drawing drawing = new Drawing(number + i, size.width(), size.height());
            byte[] png = Png.write(size.width(), size.height(), false, (y, into) -> {
                Faults.goOn(call);
                drawing.row(y, into);
            });
            pictures.add(new Images.Picture(new Media(png, "image/png"), null));
        }
        return new Images(pictures, Usage.of(Unit.IMAGES, pictures.size()));
    }
}
