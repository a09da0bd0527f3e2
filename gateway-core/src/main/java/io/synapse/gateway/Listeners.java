package io.synapse.gateway;

import io.synapse.gateway.identity.Caller;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells several, and whatever one of them throws reaches neither the others nor the call. */
final class Listeners implements GatewayListener {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

    private final List<GatewayListener> all;

    Listeners(List<GatewayListener> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public void finished(Call call) {
        tell(listener -> listener.finished(call));
    }

    @Override
    public void refused(String requestId, @Nullable Caller caller, GatewayError error) {
        tell(listener -> listener.refused(requestId, caller, error));
    }

    private void tell(Consumer<GatewayListener> news) {
        for (GatewayListener listener : all) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "the listener failed", e);
            }
        }
    }
}
