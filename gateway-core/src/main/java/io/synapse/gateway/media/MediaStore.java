package io.synapse.gateway.media;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Keeps generated media for a while, so that an answer can refer to it by a URL. Safe for use by many threads.
 */
public interface MediaStore {
    /**
     * Keeps media.
     *
     * @param lifetime how long at least
     * @return its name: unguessable, letters and digits only
     */
    String keep(Media media, Duration lifetime);

    /** The media of that name, unless its time is over. */
    Optional<Media> find(String name);

    /** Drops what is past its time; to be called now and then. */
    void cleanUp();

    /** A store in this process's memory: for embedding and for tests. Gone with the process. */
    static MediaStore inMemory() {
        return inMemory(InstantSource.system());
    }

    /** An in-memory store that goes by the given clock. */
    static MediaStore inMemory(InstantSource clock) {
        return new InMemoryMediaStore(clock);
    }
}
