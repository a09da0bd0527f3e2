package io.synapse.gateway.providers.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events, byte by byte and without copying the usual one-line event. It takes lines that end in LF, CR
 * LF or CR, comments, data of several lines, event names, a byte order mark, and a last event without the blank line
 * behind it. Of a stream it holds one event at a time, of bounded size; the stream itself may be endless. The format is
 * the HTML standard's, section "Server-sent events". For one thread.
 */
public final class SseReader {
    /** The most bytes that a line, and the data of one event, may have. */
    public static final int MOST_BYTES = 8 * 1024 * 1024;

    private static final int FIRST_SIZE = 8 * 1024;
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

    private final InputStream in;
    private final int most;
    private byte[] buffer = new byte[FIRST_SIZE];

    /** Where the data of the current event stands, moved together if it came in several lines. */
    private int dataStart;

    private int dataEnd;
    private boolean hasData;
    private @Nullable String event;

    /** What has been read but not looked at; never before {@link #dataEnd}. */
    private int position;

    private int limit;

    private boolean started;
    private boolean skipLineFeed;
    private boolean ended;

    /** Reads from a stream, which it does not close. */
    public SseReader(InputStream in) {
        this(in, MOST_BYTES);
    }

    /** Reads from a stream, with a bound of its own on the size of a line and of an event's data. */
    public SseReader(InputStream in, int mostBytes) {
        this.in = in;
        this.most = mostBytes;
    }

    /**
     * Moves to the next event that has data.
     *
     * @return false at the end of the stream
     * @throws IOException if the stream fails, or holds a line or an event above the bound
     */
    public boolean next() throws IOException {
        hasData = false;
        event = null;
        dataStart = position;
        dataEnd = position;
        skipByteOrderMark();
        while (!ended) {
            int end = endOfLine();
            int start = position;
            if (end < limit) {
                position = end + 1;
                skipLineFeed = buffer[end] == '\r';
            } else {
                position = limit;
                if (start == end) {
                    break;
                }
            }
            if (start == end) {
                if (hasData) {
                    return true;
                }
                event = null;
                continue;
            }
            field(start, end);
        }
        return hasData;
    }

    /** The array that holds the event's data; good until {@link #next} is called again. */
    public byte[] bytes() {
        return buffer;
    }

    /** Where the data begins in {@link #bytes}. */
    public int offset() {
        return dataStart;
    }

    /** How many bytes of data the event has. */
    public int length() {
        return dataEnd - dataStart;
    }

    /** The event's name, or null if it has none. */
    public @Nullable String event() {
        return event;
    }

    /** The event's data as text. */
    public String data() {
        return new String(buffer, dataStart, length(), StandardCharsets.UTF_8);
    }

    /** Whether the event's data is this text, blanks around it aside. ASCII only. */
    public boolean dataIs(String text) {
        int from = dataStart;
        int to = dataEnd;
        while (from < to && buffer[from] == ' ') {
            from++;
        }
        while (from < to && buffer[to - 1] == ' ') {
            to--;
        }
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (buffer[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void field(int start, int end) throws IOException {
        int colon = start;
        while (colon < end && buffer[colon] != ':') {
            colon++;
        }
        int value = Math.min(end, colon + 1);
        if (value < end && buffer[value] == ' ') {
            value++;
        }
        if (is(DATA, start, colon)) {
            data(value, end);
        } else if (is(EVENT, start, colon)) {
            event = new String(buffer, value, end - value, StandardCharsets.UTF_8);
        }
        // Anything else (comments, whose name is empty, id, retry, the unknown) leaves no trace.
    }

    private void data(int start, int end) throws IOException {
        if (!hasData) {
            hasData = true;
            dataStart = start;
            dataEnd = end;
            return;
        }
        // There is room for it: the line's own "data" and its line break stood between.
        buffer[dataEnd++] = '\n';
        System.arraycopy(buffer, start, buffer, dataEnd, end - start);
        dataEnd += end - start;
        if (dataEnd - dataStart > most) {
            throw new MalformedStreamException("an event has more than " + most + " bytes");
        }
    }

    private boolean is(byte[] name, int start, int end) {
        return Arrays.equals(buffer, start, end, name, 0, name.length);
    }

    /** Finds the next line break, reading on as needed; {@link #limit} if the stream ends before one. */
    private int endOfLine() throws IOException {
        int scanned = position;
        while (true) {
            if (skipLineFeed && position < limit) {
                skipLineFeed = false;
                if (buffer[position] == '\n') {
                    position++;
                    scanned = position;
                }
            }
            for (int i = scanned; i < limit; i++) {
                byte b = buffer[i];
                if (b == '\n' || b == '\r') {
                    return i;
                }
            }
            if (limit - position > most) {
                throw new MalformedStreamException("a line has more than " + most + " bytes");
            }
            int looked = limit - position;
            if (!fill()) {
                ended = true;
                return limit;
            }
            scanned = position + looked;
        }
    }

    private void skipByteOrderMark() throws IOException {
        if (started) {
            return;
        }
        started = true;
        while (limit - position < 3 && fill()) {
            if (buffer[position] != (byte) 0xEF) {
                return;
            }
        }
        if (limit - position >= 3
                && buffer[position] == (byte) 0xEF
                && buffer[position + 1] == (byte) 0xBB
                && buffer[position + 2] == (byte) 0xBF) {
            position += 3;
        }
    }

    /** Reads some more. What is still needed moves to the front of the buffer, or to a larger one. */
    private boolean fill() throws IOException {
        if (limit == buffer.length) {
            makeRoom();
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            return false;
        }
        limit += read;
        return true;
    }

    private void makeRoom() {
        int data = hasData ? dataEnd - dataStart : 0;
        // One byte apart, for the line break that joins the next line of data to it.
        int gap = hasData ? 1 : 0;
        int rest = limit - position;
        int needed = data + gap + rest;
        byte[] target = needed > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
        System.arraycopy(buffer, dataStart, target, 0, data);
        System.arraycopy(buffer, position, target, data + gap, rest);
        buffer = target;
        dataStart = 0;
        dataEnd = data;
        position = data + gap;
        limit = position + rest;
    }
}
