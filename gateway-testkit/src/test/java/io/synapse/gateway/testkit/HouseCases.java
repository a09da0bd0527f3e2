package io.synapse.gateway.testkit;

import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Spoken;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** {@link House} under each contract; named so that no build runs them by themselves. */
final class HouseCases {
    /** What is wrong with it in the next run. */
    static Fault fault = Fault.NONE;

    private HouseCases() {}

    private static Duration patience() {
        return switch (fault) {
            // They are waited for in vain.
            case CANNOT_BE_STOPPED, WAITS_FOR_THE_END, NEVER_CANCELS_JOBS -> Duration.ofSeconds(1);
            default -> Duration.ofSeconds(20);
        };
    }

    private static Duration briefly() {
        return switch (fault) {
            // Their deadline is not to pass before their job is asked about.
            case NEVER_CANCELS_JOBS, ASKS_ONCE -> Duration.ofMillis(500);
            default -> Duration.ofMillis(60);
        };
    }

    static class ImageCase extends HttpImageProviderContract {
        @Override
        protected ImageProvider providerAt(URI upstream) {
            return new House(upstream, fault);
        }

        @Override
        protected UpstreamFormat<Images> format() {
            return HouseFormats::images;
        }

        @Override
        protected Set<ImageFeature> features() {
            return EnumSet.complementOf(EnumSet.of(ImageFeature.NEGATIVE_PROMPT));
        }

        @Override
        protected Duration patience() {
            return HouseCases.patience();
        }

        @Override
        Duration briefly() {
            return HouseCases.briefly();
        }
    }

    static class EditCase extends HttpImageEditProviderContract {
        @Override
        protected ImageEditProvider providerAt(URI upstream) {
            return new House(upstream, fault);
        }

        @Override
        protected UpstreamFormat<Images> format() {
            return HouseFormats::images;
        }

        @Override
        protected Set<ImageFeature> features() {
            return EnumSet.complementOf(EnumSet.of(ImageFeature.NEGATIVE_PROMPT));
        }

        @Override
        Duration briefly() {
            return HouseCases.briefly();
        }
    }

    static class VideoCase extends HttpVideoProviderContract {
        @Override
        protected VideoProvider providerAt(URI upstream) {
            return new House(upstream, fault);
        }

        @Override
        protected UpstreamFormat<Video> format() {
            return new HouseFormats.Films();
        }

        @Override
        protected Set<VideoFeature> features() {
            return EnumSet.complementOf(EnumSet.of(VideoFeature.SIZE));
        }

        @Override
        protected Duration patience() {
            return HouseCases.patience();
        }

        @Override
        Duration briefly() {
            return HouseCases.briefly();
        }
    }

    static class SpeechCase extends HttpSpeechProviderContract {
        @Override
        protected SpeechProvider providerAt(URI upstream) {
            return new House(upstream, fault);
        }

        @Override
        protected UpstreamFormat<Spoken> format() {
            return (request, spoken) -> Answer.sound(spoken);
        }

        @Override
        protected Set<SpeechFeature> features() {
            return EnumSet.complementOf(EnumSet.of(SpeechFeature.INSTRUCTIONS));
        }

        @Override
        protected UsageTold usageTold() {
            return UsageTold.NEVER;
        }

        @Override
        protected Duration patience() {
            return HouseCases.patience();
        }

        @Override
        Duration briefly() {
            return HouseCases.briefly();
        }
    }

    static class TranscriptionCase extends HttpTranscriptionProviderContract {
        @Override
        protected TranscriptionProvider providerAt(URI upstream) {
            return new House(upstream, fault);
        }

        @Override
        protected UpstreamFormat<Transcript> format() {
            return HouseFormats::transcript;
        }

        @Override
        protected Set<TranscriptionFeature> features() {
            return EnumSet.complementOf(EnumSet.of(TranscriptionFeature.PROMPT));
        }

        @Override
        Duration briefly() {
            return HouseCases.briefly();
        }
    }

    static class EmbeddingCase extends HttpEmbeddingProviderContract {
        @Override
        protected EmbeddingProvider providerAt(URI upstream) {
            return new House(upstream, fault);
        }

        @Override
        protected UpstreamFormat<Embeddings> format() {
            return HouseFormats::embeddings;
        }

        @Override
        protected Set<EmbeddingFeature> features() {
            return EnumSet.complementOf(EnumSet.of(EmbeddingFeature.TOKENS));
        }

        @Override
        protected UsageTold usageTold() {
            return fault == Fault.TAKES_NOT_COUNTED_FOR_ZERO ? UsageTold.ABOVE_ZERO : UsageTold.EXACTLY;
        }

        @Override
        Duration briefly() {
            return HouseCases.briefly();
        }
    }
}
