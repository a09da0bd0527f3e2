package io.synapse.gateway.billing;

import io.synapse.gateway.fault.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * The place in a list after which the next page begins: the number that the list is sorted by and, where several rows may
 * share it, a word that tells them apart. What comes back from a caller may be anything, and only chooses a place.
 */
record Cursor(long number, String word) {
    private static final int LONGEST = 1000;

    static Cursor of(long number) {
        return new Cursor(number, "");
    }

    /** A place among rows sorted by time and id. */
    static Cursor of(Instant time, Object id) {
        return new Cursor(time.getEpochSecond() * 1_000_000 + time.getNano() / 1000, id.toString());
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws InvalidRequestException if it is anything else
     */
    static Cursor read(String text) {
        try {
            if (text.length() > LONGEST) {
                throw wrong();
            }
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int space = plain.indexOf(' ');
            if (space < 0 || plain.chars().anyMatch(Character::isISOControl)) {
                throw wrong();
            }
            return new Cursor(Long.parseLong(plain.substring(0, space)), plain.substring(space + 1));
        } catch (InvalidRequestException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw wrong();
        }
    }

    private static InvalidRequestException wrong() {
        return new InvalidRequestException("cursor", "'cursor' must be the 'next' of the page before.");
    }

    /** The number as microseconds since 1970. */
    Instant time() {
        return Instant.ofEpochSecond(Math.floorDiv(number, 1_000_000L), Math.floorMod(number, 1_000_000L) * 1000);
    }

    /** The word as an id. */
    UUID id() {
        return Rows.id(word).orElseThrow(Cursor::wrong);
    }

    String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((number + " " + word).getBytes(StandardCharsets.UTF_8));
    }
}
