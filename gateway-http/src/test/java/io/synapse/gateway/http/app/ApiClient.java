package io.synapse.gateway.http.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.synapse.gateway.credit.Credits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Asks the API over a real socket.
 *
 * @param api the base of the API
 * @param key the key to send; empty for none
 * @param wallet who pays
 */
public record ApiClient(URI api, String key, String wallet) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An answer.
     *
     * @param status its status
     * @param headers its headers
     * @param text its body
     */
    public record Reply(int status, java.net.http.HttpHeaders headers, String text) {
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + text, e);
            }
        }

        public String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        public Credits charged() {
            return Credits.parse(header("X-Credits-Charged"));
        }

        public Credits remaining() {
            return Credits.parse(header("X-Credits-Remaining"));
        }

        public JsonNode error() {
            return json().path("error");
        }

        /** The data of a stream's events. */
        public List<String> events() {
            return text.lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring(6))
                    .toList();
        }

        public String firstText() {
            return json().at("/choices/0/message/content").asText();
        }
    }

    public ApiClient withKey(String other) {
        return new ApiClient(api, other, wallet);
    }

    public Reply chat(String model, String extra) throws Exception {
        return post("/chat/completions", body(model, extra));
    }

    public static String body(String model, String extra) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]"
                + (extra.isEmpty() ? "" : "," + extra) + "}";
    }

    public Reply post(String path, String body) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public Reply get(String path) throws Exception {
        return send(request(path).GET());
    }

    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(api + path)).timeout(Duration.ofSeconds(60));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    public Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    /** A completion as an upstream answers it. */
    public static String completion(String text, int promptTokens, int completionTokens) {
        return "{\"id\":\"up-1\",\"object\":\"chat.completion\",\"created\":1790000000,\"model\":\"upstream-model\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                + "\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":" + promptTokens
                + ",\"completion_tokens\":" + completionTokens + ",\"total_tokens\":"
                + (promptTokens + completionTokens) + "},\"x_vendor\":{\"kept\":true}}";
    }

    /** A chunk as an upstream streams it. */
    public static String chunk(String text) {
        return "{\"id\":\"up-1\",\"object\":\"chat.completion.chunk\",\"created\":1790000000,\"model\":\"up\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}";
    }

    /** The last chunks as an upstream streams them: the end, the usage, and the end mark. */
    public static List<String> ending(int promptTokens, int completionTokens) {
        return List.of(
                "{\"id\":\"up-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                "{\"id\":\"up-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":" + promptTokens
                        + ",\"completion_tokens\":" + completionTokens + ",\"total_tokens\":"
                        + (promptTokens + completionTokens) + "}}",
                "[DONE]");
    }

    static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, new com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>>() {});
    }
}
