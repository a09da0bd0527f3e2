package io.synapse.gateway.providers.http;

import java.util.regex.Pattern;

/**
 * Makes an upstream's words fit for a caller and for the log: no keys, tokens, account ids or URLs with credentials, one
 * line, not too long, and never a page of HTML.
 */
final class Scrubber {
    private static final int MOST_LOOKED_AT = 4_000;
    private static final int MOST_KEPT = 500;
    private static final String HIDDEN = "[hidden]";

    private static final Pattern HTML = Pattern.compile(
            "<\\s*(?:!doctype|html|head|body|title|script|div|p|h1|center)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern URL_USER = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{0,20}://)[^/\\s@]{1,500}@");
    private static final Pattern URL_SECRET = Pattern.compile(
            "([?&][\\w.-]{0,40}(?:key|token|secret|signature|sig|password|credential|auth)[\\w.-]{0,20}=)[^&\\s\"']{1,2000}",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BEARER =
            Pattern.compile("\\b(bearer|basic|token)\\s+[A-Za-z0-9._~+/=*-]{6,2000}", Pattern.CASE_INSENSITIVE);
    private static final Pattern KEY = Pattern.compile(
            "\\b(?:sk|pk|rk|gsk|xai|fw|hf|r8|tgp|nvapi|csk|sess|key|api|m?mg_(?:live|test))[-_][A-Za-z0-9_*.-]{6,500}");
    private static final Pattern GOOGLE_KEY = Pattern.compile("\\bAIza[0-9A-Za-z_*-]{6,500}");
    private static final Pattern ACCOUNT = Pattern.compile(
            "\\b(?:org|proj|user|acct|team|account|project)[-_](?=[A-Za-z]*[0-9])[A-Za-z0-9]{6,100}\\b");
    private static final Pattern JWT = Pattern.compile("\\beyJ[A-Za-z0-9_-]{5,4000}(?:\\.[A-Za-z0-9_-]{1,4000}){0,2}");
    /** Whatever else looks drawn at random: hexadecimal account ids, tokens without a prefix. */
    private static final Pattern RANDOM =
            Pattern.compile("\\b(?=[A-Za-z0-9]{0,200}[0-9])(?=[A-Za-z0-9]{0,200}[A-Za-z])[A-Za-z0-9]{28,2000}\\b");
    /** A key with its middle starred out, as OpenAI quotes it. */
    private static final Pattern STARRED = Pattern.compile("[A-Za-z0-9_-]{1,100}\\*{3,200}[A-Za-z0-9_-]{0,100}");

    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cntrl}]{1,4000}");

    private Scrubber() {}

    /** The words, cleaned; empty if nothing worth telling is left. */
    static String clean(String words) {
        String text = words.length() > MOST_LOOKED_AT ? words.substring(0, MOST_LOOKED_AT) : words;
        if (HTML.matcher(text).find()) {
            return "";
        }
        text = BLANK.matcher(text).replaceAll(" ").strip();
        text = URL_USER.matcher(text).replaceAll("$1");
        text = URL_SECRET.matcher(text).replaceAll("$1" + HIDDEN);
        text = BEARER.matcher(text).replaceAll("$1 " + HIDDEN);
        text = JWT.matcher(text).replaceAll(HIDDEN);
        text = KEY.matcher(text).replaceAll(HIDDEN);
        text = GOOGLE_KEY.matcher(text).replaceAll(HIDDEN);
        text = STARRED.matcher(text).replaceAll(HIDDEN);
        text = ACCOUNT.matcher(text).replaceAll(HIDDEN);
        text = RANDOM.matcher(text).replaceAll(HIDDEN);
        return text.length() > MOST_KEPT ? cut(text) : text;
    }

    private static String cut(String text) {
        int end = Character.isHighSurrogate(text.charAt(MOST_KEPT - 1)) ? MOST_KEPT - 1 : MOST_KEPT;
        return text.substring(0, end) + "…";
    }
}
