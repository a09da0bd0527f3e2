package io.synapse.gateway.media;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The store in memory. */
final class InMemoryMediaStore implements MediaStore {
    private static final int NAME_BYTES = 24;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    private record Kept(Media media, Instant until) {}

    InMemoryMediaStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String keep(Media media, Duration lifetime) {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        String text = HexFormat.of().formatHex(name);
        kept.put(text, new Kept(media, clock.instant().plus(lifetime)));
        return text;
    }

    @Override
    public Optional<Media> find(String name) {
        return Optional.ofNullable(kept.get(name))
                .filter(found -> found.until().isAfter(clock.instant()))
                .map(Kept::media);
    }

    @Override
    public void cleanUp() {
        Instant now = clock.instant();
        kept.values().removeIf(found -> !found.until().isAfter(now));
    }
}
