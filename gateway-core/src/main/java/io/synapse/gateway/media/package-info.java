/**
 * The vocabulary of the modalities beside chat: embeddings, pictures, films, speech and transcripts. Requests are checked
 * when they are made; what they refer to (a picture, a recording) is in them, never a URL.
 */
@NullMarked
package io.synapse.gateway.media;

import org.jspecify.annotations.NullMarked;
