package io.synapse.gateway.providers.openai;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Upstreams that serve more than chat: a class for each set of routes that there is, since what a provider can do is what
 * it implements. The routes themselves are {@link OpenAiEmbeddings} and its siblings.
 */
final class OpenAiProviders {
    private OpenAiProviders() {}

    /** Chat and embeddings: Mistral and most servers of one's own. */
    static sealed class WithEmbeddings extends OpenAiProvider implements EmbeddingProvider permits WithPictures {
        private final OpenAiEmbeddings embeddings;

        WithEmbeddings(Endpoint endpoint, OpenAiDialect dialect, MediaDialect media) {
            super(endpoint, dialect);
            this.embeddings = new OpenAiEmbeddings(endpoint, media.embeddings());
        }

        @Override
        public final Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
            return embeddings.embed(call, request);
        }
    }

    /** Chat, embeddings and pictures, from words and from a picture: Together. */
    static sealed class WithPictures extends WithEmbeddings implements ImageProvider, ImageEditProvider
            permits Everything {
        private final OpenAiImages images;

        WithPictures(Endpoint endpoint, OpenAiDialect dialect, MediaDialect media) {
            super(endpoint, dialect, media);
            this.images = new OpenAiImages(endpoint, media.images());
        }

        @Override
        public final Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
            return images.draw(call, request);
        }

        @Override
        public final Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
            return images.edit(call, request);
        }
    }

    /** Chat, speech and transcripts: Groq. */
    static final class WithSound extends OpenAiProvider implements SpeechProvider, TranscriptionProvider {
        private final OpenAiSpeech speech;
        private final OpenAiTranscription transcription;

        WithSound(Endpoint endpoint, OpenAiDialect dialect, MediaDialect media) {
            super(endpoint, dialect);
            this.speech = new OpenAiSpeech(endpoint, media.speech());
            this.transcription = new OpenAiTranscription(endpoint, media.toldTimes());
        }

        @Override
        public @Nullable Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink)
                throws UpstreamException {
            speech.speak(call, request, sink);
            return null;
        }

        @Override
        public Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
            return transcription.transcribe(call, request);
        }
    }

    /** All of it: OpenAI. */
    static final class Everything extends WithPictures implements SpeechProvider, TranscriptionProvider {
        private final OpenAiSpeech speech;
        private final OpenAiTranscription transcription;

        Everything(Endpoint endpoint, OpenAiDialect dialect, MediaDialect media) {
            super(endpoint, dialect, media);
            this.speech = new OpenAiSpeech(endpoint, media.speech());
            this.transcription = new OpenAiTranscription(endpoint, media.toldTimes());
        }

        @Override
        public @Nullable Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink)
                throws UpstreamException {
            speech.speak(call, request, sink);
            return null;
        }

        @Override
        public Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
            return transcription.transcribe(call, request);
        }
    }
}
