package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.RetryPolicy;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A machine that runs a gateway, until it dies or is stopped; then the next one. */
final class Node {
    /** How long a hold outlives a process. */
    static final Duration LEASE = Duration.ofSeconds(12);

    private static final Duration TIMEOUT = Duration.ofSeconds(25);
    private static final ModelCatalog CATALOG = ModelCatalog.of(Model.builder("model", Modality.TEXT_GENERATION)
            .routes(List.of(new Route("near", "model"), new Route("far", "model")))
            .prices(Made.PRICES)
            .reservedOutputTokens(30)
            .build());

    private final String name;
    private final World world;
    private final Disk disk;
    private @Nullable Life life;
    private @Nullable Gateway gateway;
    private @Nullable Door door;

    Node(String name, World world) {
        this.name = name;
        this.world = world;
        this.disk = new Disk(world.parts().journal().get(), world.scheduler(), world.chance());
    }

    Disk disk() {
        return disk;
    }

    /** Whether it serves. */
    boolean isUp() {
        return life != null && !life.over() && gateway != null;
    }

    /** Whether a process runs, be it only to start or to stop. */
    boolean lives() {
        return life != null && !life.over();
    }

    Life life() {
        return Objects.requireNonNull(life);
    }

    Gateway gateway() {
        return Objects.requireNonNull(gateway);
    }

    Door door() {
        return Objects.requireNonNull(door);
    }

    void start() {
        Life fresh = new Life();
        life = fresh;
        gateway = null;
        world.scheduler().note("starts", name);
        world.scheduler().start("boot " + name, fresh, () -> {
            Machine machine = new Machine(world.scheduler(), world.chance(), fresh);
            door = new Door(new RemoteStore(world.claims(), world.network()), machine);
            gateway = machine.surround(Gateway.builder())
                    .authenticator(secret -> world.network()
                            .ask(
                                    "authenticate",
                                    secret,
                                    () -> world.authenticator().authenticate(secret)))
                    .limiter((key, perMinute) -> world.network()
                            .ask("admit", key, () -> world.limiter().admit(key, perMinute)))
                    .ledger(world.parts().client().apply(new RemoteLedger(world.ledger(), world.network())))
                    .journal(disk)
                    .catalog(CATALOG)
                    .provider(new Upstream("near", world.scheduler(), world.chance(), world.made()))
                    .provider(new Upstream("far", world.scheduler(), world.chance(), world.made()))
                    .retries(RetryPolicy.DEFAULT)
                    .requestsPerMinute(World.PER_MINUTE)
                    .upstreamTimeout(TIMEOUT)
                    .holdLease(LEASE)
                    .shutdownPatience(Duration.ofSeconds(8))
                    .build();
        });
    }

    /** The power fails. */
    void crash() {
        world.scheduler().note("crashes", name);
        life().end();
    }

    /** Somebody stops it as one should; the process ends when the gateway is closed. */
    void stop() {
        world.scheduler().note("is stopped", name);
        Life stopped = life();
        Gateway closing = gateway();
        world.scheduler().start("stop " + name, stopped, () -> {
            closing.close();
            stopped.end();
        });
    }
}
