package io.synapse.gateway.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened in a run: always as one number, and line by line if somebody wants to read it. */
final class Trace {
    private final boolean kept;
    private final List<String> lines = new ArrayList<>();
    private long hash = 1;

    Trace(boolean kept) {
        this.kept = kept;
    }

    /** Takes note of an event. */
    void note(long nanos, String actor, String event, Object detail) {
        String said = detail.toString();
        hash = hash * 31 + nanos;
        hash = hash * 31 + actor.hashCode();
        hash = hash * 31 + event.hashCode();
        hash = hash * 31 + said.hashCode();
        if (kept) {
            lines.add(String.format(Locale.ROOT, "%9.3f s  %-12s %s %s", nanos / 1e9, actor, event, said));
        }
    }

    /** Different for runs that differed anywhere, as good as certainly. */
    long hash() {
        return hash;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
