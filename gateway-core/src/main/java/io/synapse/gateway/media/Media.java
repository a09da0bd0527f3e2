package io.synapse.gateway.media;

import java.util.Objects;

/**
 * A picture, a recording or a film: its bytes and what they are. Nobody changes the bytes of one that was handed on.
 *
 * @param type the media type, such as {@code image/png}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Media(byte[] bytes, String type) {
    public Media {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(type, "type");
    }

    /** Identity is enough: the bytes are never compared. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "Media[" + type + ", " + bytes.length + " bytes]";
    }
}
