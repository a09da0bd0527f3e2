package io.synapse.gateway.billing;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param data what is on it
 * @param next the cursor of the page after it, or null if this is the last
 */
public record Page<T>(List<T> data, @Nullable String next) {
    public Page {
        data = List.copyOf(data);
    }

    /** A page of the rows that were found, of which there is one more than fits if another page follows. */
    static <T> Page<T> of(List<T> found, int most, Function<T, Cursor> cursor) {
        if (found.size() <= most) {
            return new Page<>(found, null);
        }
        List<T> data = found.subList(0, most);
        return new Page<>(data, cursor.apply(data.getLast()).text());
    }
}
