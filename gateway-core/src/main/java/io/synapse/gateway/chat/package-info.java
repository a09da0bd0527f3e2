/**
 * The vocabulary of chat: requests, streamed chunks and whole answers. It is OpenAI's, held as JSON values in plain Java
 * ({@code String}, {@code Number}, {@code Boolean}, {@code List}, {@code Map}), so that fields nobody here knows of pass
 * through unharmed; typed views stand beside it for code that looks inside.
 */
@NullMarked
package io.synapse.gateway.chat;

import org.jspecify.annotations.NullMarked;
