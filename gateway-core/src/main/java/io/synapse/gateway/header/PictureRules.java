package io.synapse.gateway.header;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.media.Media;
import java.util.Base64;
import java.util.Locale;

/** What a picture of a caller's must be like, by its bytes: of a known type, not too large, and no bomb. */
public final class PictureRules {
    /** The most bytes of a picture: 15 MB. */
    public static final int MOST_BYTES = 15 * 1024 * 1024;
    /** The greatest length of a side, in pixels. */
    public static final int LONGEST_SIDE = 16_384;
    /** The most pixels of a picture. */
    public static final long MOST_PIXELS = 40_000_000;
    /** The most frames of a picture that moves. */
    public static final int MOST_FRAMES = 64;

    private static final int MOST_ENCODED = (MOST_BYTES + 2) / 3 * 4;
    private static final int LONGEST_DATA_HEAD = 256;
    private static final String TYPES = "a PNG, JPEG, WebP or GIF";

    private PictureRules() {}

    /**
     * The header of a picture that keeps the rules.
     *
     * @param param the field, for the error
     * @throws InvalidRequestException naming the field and what is wrong with it
     */
    public static PictureHeader check(String param, byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw tooLarge(param);
        }
        PictureHeader header = PictureHeader.of(bytes)
                .orElseThrow(() -> wrong(param, "must be " + TYPES + "; its bytes are none, or its header is broken"));
        long width = header.width();
        long height = header.height();
        if (Math.max(width, height) > LONGEST_SIDE || width * height > MOST_PIXELS) {
            throw wrong(
                    param,
                    "is " + width + "x" + height + " pixels; the most is " + LONGEST_SIDE + " a side and "
                            + MOST_PIXELS / 1_000_000 + " megapixels");
        }
        if (header.frames() > MOST_FRAMES) {
            throw wrong(param, "has " + header.frames() + " frames; the most is " + MOST_FRAMES);
        }
        return header;
    }

    /**
     * The picture in a data URI, checked.
     *
     * @param param the field, for the error
     * @throws InvalidRequestException naming the field and what is wrong with it
     */
    public static Media ofDataUri(String param, String value) {
        int comma = value.indexOf(',');
        String head = comma < 0 || comma > LONGEST_DATA_HEAD
                ? ""
                : value.substring("data:".length(), comma).toLowerCase(Locale.ROOT);
        if (!head.startsWith("image/") || !head.endsWith(";base64")) {
            throw wrong(param, "must have the form data:image/png;base64,… (or jpeg, webp, gif)");
        }
        String said = head.substring(0, head.indexOf(';')).replace("image/jpg", "image/jpeg");
        Media media = ofBase64(param, value.substring(comma + 1));
        if (!said.equals(media.type())) {
            throw wrong(param, "says that it is another type than its bytes are; they are " + media.type());
        }
        return media;
    }

    /**
     * The picture in plain base64, checked. Tools break its lines; nothing else may stand between.
     *
     * @param param the field, for the error
     * @throws InvalidRequestException naming the field and what is wrong with it
     */
    public static Media ofBase64(String param, String text) {
        String encoded = text.indexOf('\n') < 0 ? text : text.replace("\n", "").replace("\r", "");
        if (encoded.length() > MOST_ENCODED) {
            throw tooLarge(param);
        }
        if (encoded.isEmpty()) {
            throw wrong(param, "is empty; send " + TYPES);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw wrong(param, "is not valid base64");
        }
        return new Media(bytes, check(param, bytes).type());
    }

    private static InvalidRequestException tooLarge(String param) {
        return wrong(param, "is larger than " + MOST_BYTES / (1024 * 1024) + " MB, which is the limit of a picture");
    }

    private static InvalidRequestException wrong(String param, String what) {
        return new InvalidRequestException(param, "'" + param + "' " + what + ".");
    }
}
