package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.Receipt;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.testkit.simulation.Call.Outcome;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Somebody who calls now and then, any node, tries again if it fails, and hangs up when it likes. */
final class Client implements Runnable {
    private static final ChatRequest REQUEST =
            ChatRequest.builder().model("model").user("Hello").maxTokens(20).build();
    private static final Duration THINKS = Duration.ofSeconds(20);
    private static final Duration RETRIES_WITHIN = Duration.ofSeconds(5);

    private final String name;
    private final String wallet;
    private final World world;
    private int requests;

    Client(String name, String wallet, World world) {
        this.name = name;
        this.wallet = wallet;
        this.world = world;
    }

    @Override
    public void run() {
        Chance chance = world.chance();
        for (int calls = 1 + chance.below(3); calls > 0; calls--) {
            world.scheduler().sleep(chance.upTo(THINKS));
            String key = chance.oneIn(3) ? "key-" + chance.below(3) : null;
            for (int tries = 3; tries > 0; tries--) {
                Node node = chance.of(world.nodes());
                if (node.isUp() && once(node, key).outcome() == Outcome.ANSWERED) {
                    break;
                }
                world.scheduler().sleep(chance.upTo(RETRIES_WITHIN));
            }
        }
    }

    private Call once(Node node, @Nullable String key) {
        Attempt attempt = new Attempt(node);
        Call call;
        try {
            call = world.scheduler().inside(node.life(), () -> attempt.make(key));
        } catch (Life.Ended e) {
            if (world.scheduler().isOver()) {
                throw e;
            }
            call = attempt.over(Outcome.CUT_OFF, null, null);
        }
        world.scheduler().note(call.outcome() + " after " + call.pieces() + " pieces", call.requestId());
        world.calls().add(call);
        return call;
    }

    /** One request. */
    private final class Attempt implements ChatSink {
        private final Node node;
        private final String requestId = name + "-" + ++requests;
        private final int patience;
        private int pieces;

        /** The caller had enough. */
        private static final class HangsUp extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        Attempt(Node node) {
            this.node = node;
            this.patience = world.chance().oneIn(6) ? world.chance().below(8) : Integer.MAX_VALUE;
        }

        Call over(Outcome outcome, @Nullable UUID answered, @Nullable Receipt receipt) {
            return new Call(requestId, wallet, outcome, pieces, answered, receipt);
        }

        Call make(@Nullable String key) {
            Gateway gateway = node.gateway();
            try {
                Admission admission = gateway.admit(requestId, wallet);
                if (key != null) {
                    String fingerprint = world.chance().oneIn(20) ? "another call" : "this call";
                    UUID answered = node.door()
                            .call(
                                    admission,
                                    key,
                                    fingerprint,
                                    mine -> gateway.chat(mine, REQUEST).receipt());
                    return over(Outcome.ANSWERED, answered, null);
                }
                Receipt receipt = world.chance().oneIn(2)
                        ? gateway.chat(admission, REQUEST).receipt()
                        : gateway.chat(admission, REQUEST, this).receipt();
                return over(Outcome.ANSWERED, receipt.charge(), receipt);
            } catch (GatewayException e) {
                world.scheduler().note("refused: " + e.error().type(), requestId);
                return over(Outcome.REFUSED, null, null);
            } catch (Door.NotNow | StoreUnavailableException | Network.BrokenException e) {
                return over(Outcome.REFUSED, null, null);
            } catch (HangsUp e) {
                return over(Outcome.HUNG_UP, null, null);
            }
        }

        @Override
        public void reserved(String model, Credits reserved, Credits available, Runnable hangUp) {
            if (patience <= 2) {
                Duration later = world.chance().upTo(Duration.ofSeconds(3));
                world.scheduler().start(name + "'s hand", node.life(), () -> {
                    world.scheduler().sleep(later);
                    world.scheduler().note("hangs up", requestId);
                    hangUp.run();
                });
            }
        }

        @Override
        public void chunk(ChatChunk chunk) {
            pieces++;
            world.scheduler().pause();
            if (pieces > patience) {
                throw new HangsUp();
            }
        }
    }
}
