/** The adapter for Google's Gemini, by its own API ({@code generateContent} and its siblings, {@code v1beta}). */
@NullMarked
package io.synapse.gateway.providers.gemini;

import org.jspecify.annotations.NullMarked;
