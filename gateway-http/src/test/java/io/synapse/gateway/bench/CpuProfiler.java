package io.synapse.gateway.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Counts operations per second of processor time, which is what a core can do, however many others want it: once of the
 * threads that run the benchmark, and once of the whole process, with its garbage collector and its compilers.
 */
public final class CpuProfiler implements InternalProfiler {
    private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private long processBefore;
    private long workersBefore;

    /** JMH makes it by name. */
    public CpuProfiler() {}

    @Override
    public String getDescription() {
        return "operations per second of CPU time";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        processBefore = process.getProcessCpuTime();
        workersBefore = ofWorkers();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double operations = result.getMetadata().getAllOps();
        long ofProcess = process.getProcessCpuTime() - processBefore;
        long ofWorkers = ofWorkers() - workersBefore;
        ScalarResult whole = figure("cpu.process", operations / ofProcess);
        // Virtual threads have no time of their own.
        return ofWorkers > 0 ? List.of(figure("cpu.thread", operations / ofWorkers), whole) : List.of(whole);
    }

    private static ScalarResult figure(String name, double perNano) {
        return new ScalarResult(name, perNano * 1e9, "ops/cpu-s", AggregationPolicy.AVG);
    }

    private long ofWorkers() {
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains("jmh-worker")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }
}
