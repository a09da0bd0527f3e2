package io.synapse.gateway.billing;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords with Argon2id (19 MiB, two passes, one lane), stored as PHC strings such as
 * {@code $argon2id$v=19$m=19456,t=2,p=1$…$…}. Safe for use by many threads.
 *
 * <p>A hash costs about a tenth of a second and 19 MiB on purpose, so only a few are made at once; other callers wait
 * their turn.
 */
public final class Passwords {
    /** The longest password, in characters: more would be an attack on our time rather than a password. */
    public static final int LONGEST = 256;

    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    /** Enough for any hash that we ever made; a stored string that asks for more is not one of ours. */
    private static final int MOST_MEMORY_KIB = 256 * 1024;

    private static final Pattern PHC = Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})"
            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private final SecureRandom random = new SecureRandom();
    private final Semaphore turns;
    /** What a password is compared with where there is none, so that an unknown email costs the same time. */
    private final String decoy;

    /** Hashes at most two at once. */
    public Passwords() {
        this(2);
    }

    /** Hashes at most so many at once. */
    public Passwords(int atOnce) {
        this.turns = new Semaphore(atOnce, true);
        this.decoy = encode(MEMORY_KIB, PASSES, LANES, new byte[SALT_BYTES], new byte[HASH_BYTES]);
    }

    /**
     * The PHC string of a password, salted anew each time.
     *
     * @throws IllegalArgumentException if the password is empty or longer than {@link #LONGEST}
     */
    public String hash(String password) {
        if (password.isEmpty() || password.length() > LONGEST) {
            throw new IllegalArgumentException("a password has 1 to " + LONGEST + " characters");
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return encode(MEMORY_KIB, PASSES, LANES, salt, argon2id(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES));
    }

    /**
     * Whether a password is the one that a PHC string was made from. Takes as long for a missing hash as for a wrong
     * password.
     *
     * @param hash what {@link #hash} gave, or null where there is no password: never a match
     */
    public boolean matches(String password, @Nullable String hash) {
        if (password.length() > LONGEST) {
            return false;
        }
        Matcher phc = PHC.matcher(hash == null ? decoy : hash);
        if (!phc.matches()) {
            throw new IllegalArgumentException("the stored password hash is no Argon2id PHC string");
        }
        int memory = Integer.parseInt(phc.group(1));
        if (memory > MOST_MEMORY_KIB) {
            throw new IllegalArgumentException("the stored password hash asks for " + memory + " KiB");
        }
        byte[] salt = Base64.getDecoder().decode(phc.group(4));
        byte[] expected = Base64.getDecoder().decode(phc.group(5));
        byte[] actual = argon2id(
                password,
                salt,
                memory,
                Integer.parseInt(phc.group(2)),
                Integer.parseInt(phc.group(3)),
                expected.length);
        return MessageDigest.isEqual(expected, actual) && hash != null;
    }

    private byte[] argon2id(String password, byte[] salt, int memory, int passes, int lanes, int length) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        turns.acquireUninterruptibly();
        try {
            return Argon2Function.getInstance(memory, passes, lanes, length, Argon2.ID)
                    .hash(bytes, salt)
                    .getBytes();
        } finally {
            turns.release();
        }
    }

    private static String encode(int memory, int passes, int lanes, byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memory + ",t=" + passes + ",p=" + lanes + "$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(hash);
    }
}
