package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.Asking.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamCall.Stop;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SandboxFaultTest {
    @Test
    void suffixes_are_read() {
        assertThat(SandboxFault.parse("error-429")).contains(new SandboxFault.RateLimited());
        assertThat(SandboxFault.parse("error-500")).contains(new SandboxFault.Failed());
        assertThat(SandboxFault.parse("timeout")).contains(new SandboxFault.Silent());
        assertThat(SandboxFault.parse("cut")).contains(new SandboxFault.Cut());
        assertThat(SandboxFault.parse("slow-0")).contains(new SandboxFault.Slow(Duration.ZERO));
        assertThat(SandboxFault.parse("slow-1500")).contains(new SandboxFault.Slow(Duration.ofMillis(1500)));
        assertThat(SandboxFault.parse("slow-3600000")).contains(new SandboxFault.Slow(Duration.ofHours(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "slow",
                "slow-",
                "slow--1",
                "slow-1s",
                "slow-1.5",
                "slow- 1",
                "slow-3600001",
                "slow-99999999",
                "slow-٣",
                "error-418",
                "error-",
                "ERROR-429",
                "Timeout",
                "cut ",
                "free",
                "3b"
            })
    void malformed_suffixes_are_unknown(String suffix) {
        assertThat(SandboxFault.parse(suffix)).isEmpty();
    }

    @Test
    void the_provider_tells_which_it_knows() {
        assertThat(SANDBOX.knowsFault("slow-20")).isTrue();
        assertThat(SANDBOX.knowsFault("slow-x")).isFalse();
    }

    @Test
    void an_unknown_suffix_is_part_of_the_name() throws Exception {
        assertThat(SANDBOX.chat(call("llama3.2:3b", -1), says("Hi")).text()).contains("sandbox");
    }

    @Test
    void errors_are_of_their_kind() {
        UpstreamException limited = failure("m:error-429");
        assertThat(limited.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(limited.retryAfter()).isPositive();
        assertThat(failure("m:error-500").kind()).isEqualTo(Kind.FAILED);
        assertThat(failure("m:cut").kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void cut_breaks_off_in_the_middle() throws Exception {
        List<ChatChunk> all = new ArrayList<>();
        SANDBOX.stream(call("m", -1), says("Hi"), all::add);
        List<ChatChunk> some = new ArrayList<>();
        assertThatThrownBy(() -> SANDBOX.stream(call("m:cut", -1), says("Hi"), some::add))
                .isInstanceOfSatisfying(
                        UpstreamException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
        assertThat(some).hasSizeBetween(3, all.size() - 3);
        assertThat(all.subList(0, some.size())).isEqualTo(some);
    }

    @Test
    void slow_waits_and_then_answers() throws Exception {
        long start = System.nanoTime();
        List<Long> times = new ArrayList<>();
        SANDBOX.stream(call("m:slow-200", -1), says("Hi"), chunk -> times.add(System.nanoTime() - start));
        assertThat(times.getFirst()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(times).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @EnumSource(Stop.class)
    void stopping_wakes_it_at_once(Stop reason) throws Exception {
        for (String model : List.of("m:timeout", "m:slow-20000")) {
            UpstreamCall call = new UpstreamCall("c", model, OptionalLong.empty(), Duration.ofSeconds(60));
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread asking = Thread.ofVirtual()
                    .start(() -> ended.complete(catchThrowable(() -> SANDBOX.stream(call, says("Hi"), chunk -> {}))));
            awaitParked(asking);
            assertThat(ended).isNotDone();
            call.stop(reason);
            Throwable thrown = ended.get(5, TimeUnit.SECONDS);
            assertThat(thrown)
                    .isInstanceOfSatisfying(
                            UpstreamException.class,
                            e -> assertThat(e.kind())
                                    .isEqualTo(reason == Stop.TIMED_OUT ? Kind.TIMED_OUT : Kind.UNREACHABLE));
        }
    }

    @Test
    void a_call_that_is_stopped_already_says_nothing() {
        UpstreamCall call = call("m", -1);
        call.stop(Stop.CALLER_GONE);
        assertThatThrownBy(() -> SANDBOX.chat(call, says("Hi"))).isInstanceOf(UpstreamException.class);
        List<ChatChunk> chunks = new ArrayList<>();
        assertThatThrownBy(() -> SANDBOX.stream(call, says("Hi"), chunks::add)).isInstanceOf(UpstreamException.class);
        assertThat(chunks).hasSizeLessThan(2);
    }

    @Test
    void stopping_ends_a_stream_between_pieces() {
        UpstreamCall call = call("m", -1);
        List<ChatChunk> chunks = new ArrayList<>();
        assertThatThrownBy(() -> SANDBOX.stream(call, says("Write 1000 words"), chunk -> {
                    chunks.add(chunk);
                    if (chunks.size() == 5) {
                        call.stop(Stop.CALLER_GONE);
                    }
                }))
                .isInstanceOf(UpstreamException.class);
        assertThat(chunks).hasSize(5);
    }

    @Test
    void nothing_outlasts_the_deadline() {
        for (String model : List.of("m:timeout", "m:slow-60000")) {
            UpstreamCall call = new UpstreamCall("c", model, OptionalLong.empty(), Duration.ofMillis(100));
            assertThatThrownBy(() -> SANDBOX.chat(call, says("Hi")))
                    .isInstanceOfSatisfying(
                            UpstreamException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT));
        }
    }

    @Test
    void an_interrupt_ends_it_and_is_kept() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            Throwable thrown = catchThrowable(() -> SANDBOX.chat(call("m:timeout", -1), says("Hi")));
            interrupted.complete(thrown instanceof UpstreamException
                    && Thread.currentThread().isInterrupted());
        });
        awaitParked(thread);
        thread.interrupt();
        assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
    }

    /** Waits until the thread waits itself; the test's timeout bounds it. */
    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(thread.isAlive()).as("it ended instead of waiting").isTrue();
            Thread.onSpinWait();
        }
    }

    private static UpstreamException failure(String model) {
        ChatRequest request = says("Hi");
        Throwable whole = catchThrowable(() -> SANDBOX.chat(call(model, -1), request));
        Throwable streamed = catchThrowable(() -> SANDBOX.stream(call(model, -1), request, chunk -> {}));
        assertThat(streamed).isInstanceOf(UpstreamException.class).hasMessage(whole.getMessage());
        return (UpstreamException) whole;
    }
}
