package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.MediaAsking.body;
import static io.synapse.gateway.providers.sandbox.MediaAsking.film;
import static io.synapse.gateway.providers.sandbox.MediaAsking.picture;
import static io.synapse.gateway.providers.sandbox.MediaAsking.recording;
import static io.synapse.gateway.providers.sandbox.MediaAsking.says;
import static io.synapse.gateway.providers.sandbox.MediaAsking.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.sandbox.MediaAsking.Recorder;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults are the same in all modalities beside chat. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SandboxMediaFaultTest {
    enum Modality {
        IMAGE {
            @Override
            void ask(UpstreamCall call) throws UpstreamException {
                SANDBOX.draw(call, ImageRequest.of("m", "a fox"));
            }
        },
        EDIT {
            @Override
            void ask(UpstreamCall call) throws UpstreamException {
                SANDBOX.edit(call, ImageRequest.of(body("prompt", "x"), picture("png", 9, 9, (x, y) -> -1), null));
            }
        },
        FILM {
            @Override
            void ask(UpstreamCall call) throws UpstreamException {
                SANDBOX.film(call, film("prompt", "a boat"));
            }
        },
        SPEECH {
            @Override
            void ask(UpstreamCall call) throws UpstreamException {
                SANDBOX.speak(call, says("input", "Hello"), new Recorder());
            }
        },
        TRANSCRIPT {
            @Override
            void ask(UpstreamCall call) throws UpstreamException {
                SANDBOX.transcribe(call, recording(new byte[9], 1));
            }
        },
        VECTORS {
            @Override
            void ask(UpstreamCall call) throws UpstreamException {
                SANDBOX.embed(call, texts("Hello"));
            }
        };

        abstract void ask(UpstreamCall call) throws UpstreamException;
    }

    @ParameterizedTest
    @EnumSource
    void faults_are_of_their_kind(Modality modality) {
        fails(modality, call("m:error-429", -1), Kind.RATE_LIMITED);
        fails(modality, call("m:error-500", -1), Kind.FAILED);
        fails(modality, call("m:cut", -1), Kind.UNREACHABLE);
        fails(modality, within("m:timeout", 50), Kind.TIMED_OUT);
        fails(modality, within("m:slow-60000", 50), Kind.TIMED_OUT);
    }

    @ParameterizedTest
    @EnumSource
    void slow_answers_come_late(Modality modality) throws Exception {
        long start = System.nanoTime();
        modality.ask(call("m:slow-120", -1));
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(120));
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_is_stopped_already_is_not_answered(Modality modality) {
        UpstreamCall call = call("m", -1);
        call.stop(UpstreamCall.Stop.TIMED_OUT);
        fails(modality, call, Kind.TIMED_OUT);
    }

    @ParameterizedTest
    @EnumSource
    void an_unknown_suffix_is_part_of_the_name(Modality modality) throws Exception {
        modality.ask(call("m:3b", -1));
    }

    private static UpstreamCall within(String model, long millis) {
        return new UpstreamCall("c", model, OptionalLong.empty(), Duration.ofMillis(millis));
    }

    private static void fails(Modality modality, UpstreamCall call, Kind kind) {
        assertThatThrownBy(() -> modality.ask(call))
                .isInstanceOfSatisfying(
                        UpstreamException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
