package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.credit.Usage;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Speech, as an upstream makes it.
 *
 * @param type the media type
 * @param pieces the sound, in the pieces that it is sent in. To be sent one by one, in the order of the list: the next one
 *     may have to be waited for
 * @param usage what the upstream says that it used, or null if it does not say
 */
public record Spoken(
        String type, List<byte[]> pieces, @Nullable Usage usage) {
    /** All of the sound. */
    public byte[] sound() {
        ByteArrayOutputStream sound = new ByteArrayOutputStream();
        pieces.forEach(sound::writeBytes);
        return sound.toByteArray();
    }
}
