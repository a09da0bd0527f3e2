package io.synapse.gateway.testkit;

import io.synapse.gateway.media.MediaStore;

class InMemoryMediaStoreTest extends MediaStoreContract {
    @Override
    protected MediaStore create(ManualClock clock) {
        return MediaStore.inMemory(clock);
    }
}
