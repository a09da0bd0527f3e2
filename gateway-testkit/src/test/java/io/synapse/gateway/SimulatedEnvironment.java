package io.synapse.gateway;

/** Opens the engine's {@link Environment} to simulations in other packages. */
public abstract class SimulatedEnvironment implements Environment {
    /** Lets the gateway that this builder makes live in this environment. */
    public final GatewayBuilder surround(GatewayBuilder builder) {
        builder.environment = this;
        return builder;
    }
}
