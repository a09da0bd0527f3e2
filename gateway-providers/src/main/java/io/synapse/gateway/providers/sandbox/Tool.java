package io.synapse.gateway.providers.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A tool that the caller offers.
 *
 * @param name its name
 * @param custom whether it takes free text instead of JSON
 * @param schema what its arguments must be like
 * @param param where its schema stands in the request
 */
record Tool(String name, boolean custom, Object schema, String param) {
    /** Words that say what is done, not with what: they alone do not ask for a tool. */
    private static final Set<String> BARE = Set.of(
            "get",
            "set",
            "list",
            "find",
            "search",
            "look",
            "lookup",
            "fetch",
            "create",
            "make",
            "run",
            "call",
            "current",
            "new",
            "tool",
            "function",
            "user",
            "data",
            "info",
            "and",
            "the",
            "for",
            "from",
            "with",
            "by",
            "use",
            "add",
            "show",
            "read",
            "write",
            "query",
            "all",
            "api",
            "mcp");

    private static final int SHORTEST_STEM = 4;

    /** The tools of a request, in order. */
    static List<Tool> of(Map<String, ?> body) {
        if (!(body.get("tools") instanceof List<?> list)) {
            return List.of();
        }
        List<Tool> tools = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String param = "tools[" + i + "]";
            if (list.get(i) instanceof Map<?, ?> tool && tool.get("function") instanceof Map<?, ?> function) {
                Object schema = function.get("parameters") instanceof Map<?, ?> map ? map : Map.of("type", "object");
                tools.add(
                        new Tool(String.valueOf(function.get("name")), false, schema, param + ".function.parameters"));
            } else if (list.get(i) instanceof Map<?, ?> tool && tool.get("custom") instanceof Map<?, ?> custom) {
                tools.add(new Tool(String.valueOf(custom.get("name")), true, Map.of("type", "string"), param));
            }
        }
        return tools;
    }

    /**
     * Whether a text asks for this tool: it holds the tool's name, or one of the words that the name is made of, bare
     * verbs aside. Words match if they are equal but for their last letter, or begin with one another: "What is the
     * temperature in Oslo?" asks for {@code get_temp}.
     */
    boolean isAskedForIn(String text, List<String> words) {
        if (!name.isEmpty() && text.contains(name)) {
            return true;
        }
        List<String> all = words(name);
        List<String> telling = all.stream().filter(word -> !BARE.contains(word)).toList();
        return (telling.isEmpty() ? all : telling)
                .stream().anyMatch(word -> words.stream().anyMatch(said -> alike(word, said)));
    }

    /** The words of a text or a name, in small letters: {@code getWeather_now} has three. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hump = Character.isUpperCase(c) && i > 0 && Character.isLowerCase(text.charAt(i - 1));
            if ((!Character.isLetterOrDigit(c) || hump) && !word.isEmpty()) {
                words.add(word.toString().toLowerCase(Locale.ROOT));
                word.setLength(0);
            }
            if (Character.isLetterOrDigit(c)) {
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    private static boolean alike(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        int common = 0;
        while (common < shorter && one.charAt(common) == other.charAt(common)) {
            common++;
        }
        return one.equals(other) || common >= Math.max(SHORTEST_STEM, shorter - 1);
    }
}
