package io.synapse.gateway.providers.sandbox;

import java.util.BitSet;

/**
 * Makes strings that match a regular expression of the plain kind: literals, classes, groups, alternatives and
 * quantifiers. Look-around, back references and flags are beyond it. A pattern is never run, only read: one of a
 * caller's can be made to take for ever. For one string and one thread.
 */
final class PatternSample {
    private static final int MOST_STEPS = 200_000;
    private static final int MOST_DEPTH = 100;
    private static final int LONGEST_PATTERN = 2_000;

    private final String pattern;
    private final int extra;
    private final int salt;
    private int at;
    private int steps;
    private boolean openEnd = true;

    private PatternSample(String pattern, int extra, int salt) {
        this.pattern = pattern;
        this.extra = extra;
        this.salt = salt;
    }

    /**
     * Makes a string.
     *
     * @param least its least length
     * @param most its greatest length
     * @param salt which of the possible ones
     */
    static String of(String pattern, int least, int most, int salt) throws UnmetSchemaException {
        if (pattern.length() > LONGEST_PATTERN) {
            throw new UnmetSchemaException("its pattern is too long for the sandbox");
        }
        String shortest = make(pattern, 0, salt, least);
        if (shortest.length() < least) {
            // Each unbounded part is repeated a little more, as often as it takes.
            int growth = make(pattern, 1, salt, 0).length()
                    - make(pattern, 0, salt, 0).length();
            if (growth > 0) {
                shortest = make(pattern, Math.ceilDiv(least - shortest.length(), growth), salt, least);
            }
        }
        if (shortest.length() < least || shortest.length() > most) {
            throw new UnmetSchemaException("its pattern and its length are more than the sandbox brings together");
        }
        return shortest;
    }

    private static String make(String pattern, int extra, int salt, int least) throws UnmetSchemaException {
        PatternSample sample = new PatternSample(pattern, extra, salt);
        String made = sample.alternatives(0, true);
        if (sample.at < pattern.length()) {
            throw sample.unknown();
        }
        // Where nothing says that the string ends, anything may follow.
        return sample.openEnd && made.length() < least ? made + "x".repeat(least - made.length()) : made;
    }

    private String alternatives(int depth, boolean wanted) throws UnmetSchemaException {
        if (depth > MOST_DEPTH) {
            throw unknown();
        }
        String first = sequence(depth, wanted);
        while (peek('|')) {
            at++;
            // Read for its end, not for its text: the first alternative is the one that is made.
            sequence(depth, false);
        }
        return first;
    }

    private String sequence(int depth, boolean wanted) throws UnmetSchemaException {
        StringBuilder text = new StringBuilder();
        while (at < pattern.length() && !peek('|') && !peek(')')) {
            int start = at;
            String unit = unit(depth, wanted);
            int[] range = quantifier();
            int times = Math.max(range[0], Math.min(range[1], range[0] + extra));
            if (!wanted || times == 0) {
                continue;
            }
            steps += times * Math.max(1, unit.length());
            if (steps > MOST_STEPS || text.length() + (long) times * unit.length() > StringSample.LONGEST) {
                throw new UnmetSchemaException("its pattern asks for a string that is too long for the sandbox");
            }
            openEnd &= pattern.charAt(start) != '$';
            text.append(unit.repeat(times));
        }
        return text.toString();
    }

    private String unit(int depth, boolean wanted) throws UnmetSchemaException {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '^', '$' -> "";
            case '.' -> "x";
            case '(' -> group(depth, wanted);
            case '[' -> choose(charClass());
            case '\\' -> escape();
            case '*', '+', '?' -> throw unknown();
            default -> String.valueOf(c);
        };
    }

    private String group(int depth, boolean wanted) throws UnmetSchemaException {
        if (pattern.startsWith("?:", at)) {
            at += 2;
        } else if (pattern.startsWith("?<", at) && !pattern.startsWith("?<=", at) && !pattern.startsWith("?<!", at)) {
            at = pattern.indexOf('>', at) + 1;
            if (at == 0) {
                throw unknown();
            }
        } else if (peek('?')) {
            throw unknown();
        }
        String inside = alternatives(depth + 1, wanted);
        if (!peek(')')) {
            throw unknown();
        }
        at++;
        return inside;
    }

    /** The least and greatest number of repetitions that stand here: 1 and 1 where nothing does. */
    private int[] quantifier() throws UnmetSchemaException {
        if (at == pattern.length()) {
            return new int[] {1, 1};
        }
        int[] range = switch (pattern.charAt(at)) {
            case '?' -> new int[] {0, 1};
            case '*' -> new int[] {0, Integer.MAX_VALUE};
            case '+' -> new int[] {1, Integer.MAX_VALUE};
            case '{' -> new int[] {-1, -1};
            default -> new int[] {1, 1, 0};
        };
        if (range.length == 3) {
            return range;
        }
        at++;
        if (range[0] < 0) {
            range[0] = number(1);
            range[1] = range[0];
            if (peek(',')) {
                at++;
                range[1] = number(Integer.MAX_VALUE);
            }
            if (!peek('}')) {
                throw unknown();
            }
            at++;
        }
        if (peek('?') || peek('+')) {
            at++;
        }
        return range;
    }

    private int number(int otherwise) throws UnmetSchemaException {
        int start = at;
        int value = 0;
        while (at < pattern.length() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '9') {
            value = value * 10 + (pattern.charAt(at++) - '0');
            if (value > StringSample.LONGEST) {
                throw new UnmetSchemaException("its pattern asks for a string that is too long for the sandbox");
            }
        }
        return at == start ? otherwise : value;
    }

    private String escape() throws UnmetSchemaException {
        if (at == pattern.length()) {
            throw unknown();
        }
        char c = pattern.charAt(at);
        if (c == 'b' || c == 'A' || c == 'Z' || c == 'z' || c == 'B') {
            at++;
            openEnd &= c != 'Z' && c != 'z';
            return "";
        }
        if (c >= '1' && c <= '9') {
            throw unknown();
        }
        return choose(escapedClass());
    }

    private BitSet charClass() throws UnmetSchemaException {
        BitSet allowed = new BitSet();
        boolean negated = peek('^');
        at += negated ? 1 : 0;
        boolean first = true;
        while (at < pattern.length() && (first || !peek(']'))) {
            first = false;
            BitSet item = classItem();
            if (peek('-') && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']' && item.cardinality() == 1) {
                at++;
                BitSet end = classItem();
                item.set(item.nextSetBit(0), Math.max(item.nextSetBit(0), end.length() - 1) + 1);
            }
            allowed.or(item);
        }
        if (!peek(']')) {
            throw unknown();
        }
        at++;
        if (negated) {
            allowed.flip(' ', '~' + 1);
            allowed.clear('~' + 1, Character.MAX_VALUE + 1);
        }
        return allowed;
    }

    private BitSet classItem() throws UnmetSchemaException {
        char c = pattern.charAt(at++);
        return c == '\\' ? escapedClass() : only(c);
    }

    private BitSet escapedClass() throws UnmetSchemaException {
        if (at == pattern.length()) {
            throw unknown();
        }
        char c = pattern.charAt(at++);
        BitSet set = new BitSet();
        switch (c) {
            case 'd' -> set.set('0', '9' + 1);
            case 'w' -> word(set);
            case 's' -> set.set(' ');
            case 'D', 'S' -> set.set('a', 'z' + 1);
            case 'W' -> set.set(' ');
            case 'n' -> set.set('\n');
            case 't' -> set.set('\t');
            case 'r' -> set.set('\r');
            case 'u' -> set.set(hex(4));
            case 'x' -> set.set(hex(2));
            case 'p' -> {
                int end = pattern.indexOf('}', at);
                String name = end < 0 ? "" : pattern.substring(at, end);
                if (!name.startsWith("{L") && !name.startsWith("{N") && !name.startsWith("{Script=Latin")) {
                    throw unknown();
                }
                set.set(name.startsWith("{N") ? '0' : name.equals("{Lu") ? 'A' : 'a');
                at = end + 1;
            }
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw unknown();
                }
                set.set(c);
            }
        }
        return set;
    }

    private int hex(int digits) throws UnmetSchemaException {
        try {
            int value = Integer.parseInt(pattern.substring(at, at + digits), 16);
            at += digits;
            return value;
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw unknown();
        }
    }

    private static void word(BitSet set) {
        set.set('a', 'z' + 1);
        set.set('A', 'Z' + 1);
        set.set('0', '9' + 1);
        set.set('_');
    }

    private static BitSet only(char c) {
        BitSet set = new BitSet();
        set.set(c);
        return set;
    }

    /** One character of a class: a small letter where it has any, else a digit, a capital, or whatever there is. */
    private String choose(BitSet allowed) throws UnmetSchemaException {
        for (char[] range : new char[][] {{'a', 'z'}, {'1', '9'}, {'A', 'Z'}, {' ', '~'}, {0, Character.MAX_VALUE}}) {
            BitSet there = new BitSet();
            there.set(range[0], range[1] + 1);
            there.and(allowed);
            if (!there.isEmpty()) {
                int skip = salt % there.cardinality();
                int found = there.nextSetBit(0);
                while (skip-- > 0) {
                    found = there.nextSetBit(found + 1);
                }
                return String.valueOf((char) found);
            }
        }
        throw unknown();
    }

    private boolean peek(char c) {
        return at < pattern.length() && pattern.charAt(at) == c;
    }

    private UnmetSchemaException unknown() {
        return new UnmetSchemaException("the sandbox cannot read its pattern");
    }
}
