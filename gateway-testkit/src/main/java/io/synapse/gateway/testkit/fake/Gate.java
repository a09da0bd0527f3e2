package io.synapse.gateway.testkit.fake;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a test opens when an upstream may go on. Safe for use by many threads. */
public final class Gate {
    private final List<FakeUpstream> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean open;

    /** A closed gate. */
    public Gate() {}

    /** Lets everybody through, now and later. */
    public void open() {
        open = true;
        listeners.forEach(upstream -> upstream.change(() -> {}));
    }

    boolean isOpen() {
        return open;
    }

    void listen(FakeUpstream upstream) {
        listeners.add(upstream);
    }
}
