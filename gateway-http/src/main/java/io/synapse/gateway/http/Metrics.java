package io.synapse.gateway.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.synapse.gateway.GatewayListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the server measures, as {@code /metrics} tells it to Prometheus. Labels are bounded: routes, catalog models,
 * providers and error types, never a key, an account or a request id. Safe for use by many threads.
 */
public final class Metrics implements GatewayListener, AutoCloseable {
    /** The content type of {@link #scrape}. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final List<Supplier<Number>> sources = new CopyOnWriteArrayList<>();

    /** Measures the process; the rest comes with its parts. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /** Where other parts put their own figures, such as a connection pool. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** A figure that is asked for when it is told. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** A count that only grows, asked for when it is told. */
    public void counter(String name, String description, Supplier<Number> value) {
        // The registry holds a counter's source weakly, and nobody else holds this one.
        sources.add(value);
        FunctionCounter.builder(name, value, count -> count.get().doubleValue())
                .description(description)
                .register(registry);
    }

    /** An HTTP request was answered. */
    void answered(String route, String method, int status, long nanos) {
        Timer.builder("synapse.http.requests")
                .description("HTTP requests by route and status, from arrival to the last byte")
                .tags("route", route, "method", method, "status", Integer.toString(status))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void finished(Call call) {
        Tags who = Tags.of(
                "modality", call.modality().wireName(),
                "model", orNone(call.model()),
                "provider", orNone(call.provider()));
        String outcome = call.error() == null ? "ok" : call.error().type();
        Tags all = who.and("outcome", outcome, "streamed", Boolean.toString(call.streamed()));
        timer("synapse.calls", "Metered calls, from admission to settlement", all, call.total());
        timer("synapse.calls.upstream", "The part of a call spent waiting for the upstream", all, call.upstream());
        timer(
                "synapse.calls.own",
                "The part of a call spent in the gateway",
                all,
                call.total().minus(call.upstream()));
        if (call.usage() != null) {
            call.usage()
                    .quantities()
                    .forEach((unit, quantity) -> registry.counter("synapse.usage", who.and("unit", unit.wireName()))
                            .increment(quantity));
            registry.counter("synapse.credits.charged", who)
                    .increment(call.charged().micros() / 1e6);
        }
    }

    private void timer(String name, String description, Tags tags, Duration duration) {
        Timer.builder(name)
                .description(description)
                .tags(tags)
                .register(registry)
                .record(duration);
    }

    private static String orNone(@Nullable String label) {
        return label == null ? "none" : label;
    }

    String scrape() {
        return registry.scrape();
    }

    /** Ends the measuring of the process. */
    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
