package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the caller calls the fields that Anthropic objects to. It names them in its words alone, at their beginning. */
final class FieldNames {
    /** {@code messages.0.content: …}, {@code max_tokens: …}, {@code `temperature` is …}. */
    private static final Pattern FIELD =
            Pattern.compile("`?([a-z_]{1,40})`?((?:\\.[A-Za-z0-9_]{1,60}){0,20})`?(?:: | is | may | cannot | must ).*");

    private static final Pattern NUMBERED = Pattern.compile("\\.([0-9]{1,6})(?:\\..*)?");

    private static final Map<String, String> OURS = Map.ofEntries(
            Map.entry("max_tokens", "max_tokens"),
            Map.entry("messages", "messages"),
            Map.entry("metadata", "user"),
            Map.entry("model", "model"),
            Map.entry("output_config", "response_format"),
            Map.entry("stop_sequences", "stop"),
            Map.entry("system", "messages"),
            Map.entry("temperature", "temperature"),
            Map.entry("thinking", "reasoning_effort"),
            Map.entry("tool_choice", "tool_choice"),
            Map.entry("tools", "tools"),
            Map.entry("top_p", "top_p"));

    private FieldNames() {}

    /** The same failure, with the caller's name of the field. */
    static UpstreamException inOurWords(UpstreamException failure) {
        return UpstreamErrors.about(failure, param(failure.getMessage()));
    }

    private static @Nullable String param(String message) {
        if (message.startsWith("prompt is too long")) {
            return "messages";
        }
        Matcher field = FIELD.matcher(message);
        if (!field.matches()) {
            return null;
        }
        String ours = OURS.get(field.group(1));
        Matcher numbered = NUMBERED.matcher(field.group(2));
        // Its messages are numbered otherwise than the caller's; its tools are not.
        return "tools".equals(ours) && numbered.matches() ? "tools[" + numbered.group(1) + "]" : ours;
    }
}
