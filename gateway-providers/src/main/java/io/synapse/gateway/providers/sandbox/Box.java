package io.synapse.gateway.providers.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A box of an MP4 file, being filled: its length, its type, and what is in it. Not for use by several threads. */
final class Box {
    private final String type;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    /** An empty box. */
    Box(String type) {
        this.type = type;
    }

    /** An empty box of a kind that has a version and flags, all zero. */
    static Box full(String type) {
        return new Box(type).u32(0);
    }

    Box u8(int value) {
        content.write(value);
        return this;
    }

    Box u16(int value) {
        return u8(value >> 8).u8(value);
    }

    Box u32(int value) {
        return u16(value >> 16).u16(value);
    }

    Box u32s(int... values) {
        for (int value : values) {
            u32(value);
        }
        return this;
    }

    Box zeros(int count) {
        return raw(new byte[count]);
    }

    Box text(String ascii) {
        return raw(CarriedText.ascii(ascii));
    }

    Box raw(byte[] bytes) {
        content.writeBytes(bytes);
        return this;
    }

    Box add(Box inner) {
        return raw(inner.bytes());
    }

    int size() {
        return 8 + content.size();
    }

    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(size());
        return bytes.putInt(size())
                .put(CarriedText.ascii(type))
                .put(content.toByteArray())
                .array();
    }
}
