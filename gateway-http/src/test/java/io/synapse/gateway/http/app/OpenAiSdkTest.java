package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.completion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.models.Model;
import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.testkit.fake.Answer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The official SDK against the running server: what its users do, and the exceptions that they expect. */
class OpenAiSdkTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private OpenAIClient client = client(SERVER.testClient(), 0);

    private static OpenAIClient client(ApiClient who, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(who.api().toString())
                .apiKey(who.key())
                .maxRetries(retries)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private void use(ApiClient who, int retries) {
        client.close();
        client = client(who, retries);
    }

    private static ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder().model("llama-3.1-8b").addUserMessage(text);
    }

    @Test
    void chat() {
        ChatCompletion answer =
                client.chat().completions().create(ask("Say hello").build()).validate();
        assertThat(answer.choices()).hasSize(1);
        assertThat(answer.choices().getFirst().message().content())
                .get()
                .asString()
                .containsIgnoringCase("sandbox");
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage()).get().satisfies(usage -> {
            assertThat(usage.promptTokens()).isPositive();
            assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + usage.completionTokens());
        });
    }

    @Test
    void streaming_with_usage() {
        ChatCompletionCreateParams params = ask("Tell me a story")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        long chunks;
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            chunks = stream.stream().peek(whole::accumulate).count();
        }
        assertThat(chunks).isGreaterThan(3);
        ChatCompletion answer = whole.chatCompletion();
        assertThat(answer.choices().getFirst().message().content())
                .get()
                .asString()
                .isNotBlank();
        assertThat(answer.usage()).get().satisfies(usage -> {
            assertThat(usage.completionTokens()).isPositive();
            assertThat(usage.toString()).contains("credits_charged", "credits_remaining");
        });
    }

    /** A tool as the SDK describes it from a class. */
    @com.fasterxml.jackson.annotation.JsonClassDescription("Tells the temperature of a city")
    static class GetTemperature {
        public String city;
        public Unit unit;

        enum Unit {
            CELSIUS,
            FAHRENHEIT
        }
    }

    @Test
    void tools_there_and_back() {
        ChatCompletionCreateParams.Builder conversation = ask("How warm is it in Oslo?")
                .addTool(GetTemperature.class)
                .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
        ChatCompletionMessage message = client.chat()
                .completions()
                .create(conversation.build())
                .choices()
                .getFirst()
                .message();
        ChatCompletionMessageFunctionToolCall call =
                message.toolCalls().orElseThrow().getFirst().asFunction();
        GetTemperature arguments = call.function().arguments(GetTemperature.class);
        assertThat(arguments.city).isNotNull();
        assertThat(arguments.unit).isNotNull();
        ChatCompletion last = client.chat()
                .completions()
                .create(conversation
                        .addMessage(message)
                        .addMessage(ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.id())
                                .content("17 degrees")
                                .build())
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.AUTO)
                        .build());
        assertThat(last.choices().getFirst().message().content())
                .get()
                .asString()
                .contains("17 degrees");
    }

    @Test
    void tools_are_called_in_a_stream() {
        ChatCompletionCreateParams params = ask("How warm is it in Oslo?")
                .addTool(GetTemperature.class)
                .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                .build();
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(whole::accumulate);
        }
        ChatCompletion.Choice choice = whole.chatCompletion().choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        ChatCompletionMessageFunctionToolCall call =
                choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.id()).isNotBlank();
        assertThat(call.function().arguments(GetTemperature.class).unit).isNotNull();
    }

    /** An answer as the SDK describes it from a class. */
    static class Recipe {
        public String title;
        public int minutes;
        public List<String> steps;
    }

    @Test
    void json_schemas_are_obeyed() {
        Recipe recipe = client.chat()
                .completions()
                .create(ask("How do I boil an egg?")
                        .responseFormat(Recipe.class)
                        .build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        assertThat(recipe.title).isNotNull();
        assertThat(recipe.steps).isNotNull();
    }

    @Test
    void models() {
        List<Model> models = client.models().list().data();
        assertThat(models).extracting(Model::id).contains("llama-3.1-8b", "sandbox/chat");
        assertThat(models).allSatisfy(model -> model.validate());
        assertThat(client.models().retrieve("sandbox/chat").id()).isEqualTo("sandbox/chat");
    }

    private <E extends OpenAIException> E refused(Class<E> type, ChatCompletionCreateParams params) {
        E e = catchThrowableOfType(type, () -> client.chat().completions().create(params));
        assertThat(e).isNotNull();
        return e;
    }

    private static void assertType(OpenAIServiceException e, String type) {
        assertThat(e.type()).contains(type);
        assertThat(e.headers().values("x-request-id")).isNotEmpty();
        assertThat(e).hasMessageContaining(Integer.toString(e.statusCode()));
    }

    @Test
    void errors_are_the_exceptions_that_users_of_the_sdk_expect() {
        ChatCompletionCreateParams hello = ask("Hello").build();
        assertType(
                refused(BadRequestException.class, ask("Hello").temperature(3.0).build()), "invalid_request");
        assertType(
                refused(
                        BadRequestException.class,
                        ask("Hello").model("test/vision").build()),
                "modality_mismatch");
        assertType(refused(NotFoundException.class, ask("Hello").model("nope").build()), "model_not_found");
        assertType(
                refused(
                        InternalServerException.class,
                        ask("Hello").model("llama-3.1-8b:error-500").build()),
                "provider_error");
        assertType(
                refused(
                        InternalServerException.class,
                        ask("Hello").model("llama-3.1-8b:timeout").build()),
                "upstream_timeout");

        use(new ApiClient(SERVER.api(), "mmg_live_unknownunknownunknownunknown1", ""), 0);
        assertType(refused(UnauthorizedException.class, hello), "unauthorized");

        use(SERVER.clientWith("0"), 2);
        UnexpectedStatusCodeException broke = refused(UnexpectedStatusCodeException.class, hello);
        assertThat(broke.statusCode()).isEqualTo(402);
        assertType(broke, "insufficient_credits");

        use(SERVER.clientWith("10"), 0);
        assertType(
                refused(
                        InternalServerException.class,
                        ask("Hello").model("test/nobody").build()),
                "provider_not_configured");
    }

    @Test
    void an_allowlist_is_a_permission_and_a_rate_limit_a_rate_limit() {
        Account account = SERVER.newAccount("10");
        String project = SERVER.projects()
                .create(account.id(), "p", null, Set.of("sandbox/chat"))
                .id();
        String key = SERVER.keys()
                .create(account.id(), new KeyRequest("k", project, false, null, 1))
                .secret();
        use(new ApiClient(SERVER.api(), key, account.wallet()), 0);
        assertType(refused(PermissionDeniedException.class, ask("Hello").build()), "model_not_allowed");
        assertType(refused(RateLimitException.class, ask("Hello").build()), "rate_limited");
    }

    @Test
    void the_sdk_retries_what_may_pass_and_nothing_else() {
        use(SERVER.clientWith("10"), 1);
        String boom = "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"param\":null,\"code\":null}}";
        SERVER.upstream().answer(Answer.json(500, boom), Answer.json(200, completion("second time lucky", 1, 1)));
        assertThat(client.chat()
                        .completions()
                        .create(ask("Hello").build())
                        .choices()
                        .getFirst()
                        .message()
                        .content())
                .contains("second time lucky");
        SERVER.upstream().answer(Answer.json(401, boom));
        refused(InternalServerException.class, ask("Hello").build());
        assertThat(SERVER.upstream().requests()).hasSize(3);
    }
}
