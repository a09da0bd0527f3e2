package io.synapse.gateway.providers.http;

/** What may stand in a header that we send. */
final class Headers {
    private Headers() {}

    static String checkedName(String name) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ':')) {
            throw new IllegalArgumentException("not a header name");
        }
        return name;
    }

    /** The value itself is not quoted: it may be a credential. */
    static String checkedValue(String value) {
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("a header's value must be visible ASCII on one line");
        }
        return value;
    }
}
