package io.synapse.gateway.billing;

/**
 * A key that was just made. This is the only time that its secret can be had.
 *
 * @param secret the key itself: show it to its owner and forget it
 * @param key what is kept of it
 */
public record IssuedKey(String secret, StoredKey key) {
    /** Leaves out the secret, so that no log shows it. */
    @Override
    public String toString() {
        return "IssuedKey[" + key + "]";
    }
}
