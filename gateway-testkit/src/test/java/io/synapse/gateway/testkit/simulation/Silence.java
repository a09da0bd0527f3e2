package io.synapse.gateway.testkit.simulation;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps the engine from logging the thousands of outages that a simulation makes. */
final class Silence implements BeforeAllCallback, AfterAllCallback {
    private static final Logger ENGINE = Logger.getLogger("io.synapse.gateway");

    private @Nullable Level before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = ENGINE.getLevel();
        ENGINE.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ENGINE.setLevel(before);
    }
}
