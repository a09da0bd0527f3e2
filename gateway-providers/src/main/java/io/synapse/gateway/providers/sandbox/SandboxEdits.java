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
import io.synapse.gateway.providers.sandbox.PictureFile.Pixels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pictures from a picture: the source, really filtered, as PNG. */
final class SandboxEdits {
    private static final int PERMIT_PIXELS = 1_000;
    /** All pictures being edited at a time have no more pixels than the largest may have alone: memory is bounded. */
    private static final Semaphore PERMITS = new Semaphore((int) (PictureFile.MOST_PIXELS / PERMIT_PIXELS), true);

    private static final long PATIENCE_MILLIS = 50;

    private SandboxEdits() {}

    static Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        Faults.beginWhole(call);
        String field = request.body().get("reference_image") == null ? "image" : "reference_image";
        Media source = request.source();
        if (source == null) {
            throw Faults.rejected(field, "'" + field + "' is required.", null);
        }
        ImageFields.format(request, Set.of("png"));
        PictureFile file = open(source, field);
        PictureFile mask = request.mask() == null ? null : open(request.mask(), "mask");
        if (mask != null && (mask.width() != file.width() || mask.height() != file.height())) {
            throw Faults.rejected(
                    "mask",
                    "'mask' must have the size of the picture, " + file.width() + "x" + file.height() + ".",
                    null);
        }
        return whileThereIsRoom(
                call, file, () -> edit(call, request, decode(file, field), mask == null ? null : transparent(mask)));
    }

    private static Images edit(UpstreamCall call, ImageRequest request, Pixels source, @Nullable BitSet where)
            throws UpstreamException {
        long number = Fingerprint.of(request.prompt(), request.seed());
        List<Images.Picture> pictures = new ArrayList<>(request.count());
        for (int take = 0; take < request.count(); take++) {
            Pixels changed =
                    new Pixels(source.width(), source.height(), source.argb().clone());
            for (Filter filter : Filter.of(request.prompt(), number, take)) {
                Faults.goOn(call);
                filter.apply(changed);
            }
            if (where != null) {
                for (int i = where.nextClearBit(0); i < changed.argb().length; i = where.nextClearBit(i + 1)) {
                    changed.argb()[i] = source.argb()[i];
                }
            }
            pictures.add(new Images.Picture(new Media(png(call, changed, request.size()), "image/png"), null));
        }
        return new Images(pictures, Usage.of(Unit.IMAGES, pictures.size()));
    }

    private static byte[] png(UpstreamCall call, Pixels picture, @Nullable Size asked) throws UpstreamException {
        Size size = asked == null ? new Size(picture.width(), picture.height()) : asked;
        Scaled scaled = new Scaled(picture, size.width(), size.height());
        return Png.write(size.width(), size.height(), hasAlpha(picture), (y, into) -> {
            Faults.goOn(call);
            scaled.row(y, into);
        });
    }

    private static boolean hasAlpha(Pixels picture) {
        for (int color : picture.argb()) {
            if (color >>> 24 != 0xff) {
                return true;
            }
        }
        return false;
    }

    /** Opens a caller's picture that can be decoded. */
    static PictureFile open(Media media, String field) throws UpstreamException {
        try {
            PictureFile file = PictureFile.open(media.bytes());
            file.checkDecodable();
            return file;
        } catch (IOException e) {
            throw Faults.rejected(field, "'" + field + "' " + e.getMessage() + ".", e);
        }
    }

    static Pixels decode(PictureFile file, String field) throws UpstreamException {
        try {
            return file.decode(1);
        } catch (IOException e) {
            throw Faults.rejected(field, "'" + field + "' " + e.getMessage() + ".", e);
        }
    }

    private static BitSet transparent(PictureFile mask) throws UpstreamException {
        int[] argb = decode(mask, "mask").argb();
        BitSet transparent = new BitSet(argb.length);
        for (int i = 0; i < argb.length; i++) {
            transparent.set(i, argb[i] >>> 24 == 0);
        }
        return transparent;
    }

    /** Work on a decoded picture. */
    @FunctionalInterface
    interface Work<T> {
        T done() throws UpstreamException;
    }

    /** Does work on a picture once there is memory for it. */
    static <T> T whileThereIsRoom(UpstreamCall call, PictureFile file, Work<T> work) throws UpstreamException {
        int permits = (int) Math.ceilDiv((long) file.width() * file.height(), PERMIT_PIXELS);
        try {
            while (!PERMITS.tryAcquire(permits, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                Faults.goOn(call);
            }
        } catch (InterruptedException e) {
            throw Faults.interrupted(e);
        }
        try {
            return work.done();
        } finally {
            PERMITS.release(permits);
        }
    }
}
