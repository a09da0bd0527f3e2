package io.synapse.gateway.testkit;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ChatUpstream;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Providers that break one rule each, under the contract that should notice. */
final class BrokenChatProviders {
    private BrokenChatProviders() {}

    /** A provider that does everything right, for others to break. */
    private static class Good implements ChatProvider {
        final ScriptedProvider upstream;

        Good(ScriptedProvider upstream) {
            this.upstream = upstream;
        }

        @Override
        public String id() {
            return "broken";
        }

        @Override
        public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
            return upstream.stream(call, request, chunk -> pass(chunk, sink));
        }

        void pass(ChatChunk chunk, ChatSink sink) {
            sink.chunk(chunk);
        }
    }

    abstract static class Contract extends ChatProviderContract {
        abstract ChatProvider broken(ScriptedProvider upstream);

        @Override
        protected ChatUpstream startUpstream() {
            return new ScriptedProvider("scripted");
        }

        @Override
        protected ChatProvider startProvider(ChatUpstream started) {
            return broken((ScriptedProvider) started);
        }

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(5);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> firstChoice(ChatChunk chunk) {
        List<Object> choices = (List<Object>) chunk.body().get("choices");
        return (Map<String, Object>) choices.getFirst();
    }

    private static ChatChunk with(ChatChunk chunk, String field, Object value) {
        Map<String, Object> choice = new LinkedHashMap<>(firstChoice(chunk));
        choice.put(field, value);
        Map<String, Object> body = new LinkedHashMap<>(chunk.body());
        body.put("choices", List.of(choice));
        return new ChatChunk(body);
    }

    private static boolean ends(ChatChunk chunk) {
        return firstChoice(chunk).get("finish_reason") != null;
    }

    static class NothingIsBroken extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream);
        }
    }

    static class ForgetsTheRole extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                void pass(ChatChunk chunk, ChatSink sink) {
                    boolean begins =
                            String.valueOf(firstChoice(chunk).get("delta")).contains("role=");
                    sink.chunk(begins ? with(chunk, "delta", Map.of("content", "")) : chunk);
                }
            };
        }
    }

    static class ForgetsToFinish extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                void pass(ChatChunk chunk, ChatSink sink) {
                    if (!ends(chunk)) {
                        sink.chunk(chunk);
                    }
                }
            };
        }
    }

    static class FinishesTwice extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                void pass(ChatChunk chunk, ChatSink sink) {
                    sink.chunk(chunk);
                    if (ends(chunk)) {
                        sink.chunk(chunk);
                    }
                }
            };
        }
    }

    static class LosesAPiece extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                void pass(ChatChunk chunk, ChatSink sink) {
                    boolean lost =
                            String.valueOf(firstChoice(chunk).get("delta")).contains("lo");
                    sink.chunk(lost ? with(chunk, "delta", Map.of("content", "")) : chunk);
                }
            };
        }
    }

    static class NumbersToolCallsFromOne extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                void pass(ChatChunk chunk, ChatSink sink) {
                    Map<?, ?> delta = (Map<?, ?>) firstChoice(chunk).get("delta");
                    if (!(delta.get("tool_calls") instanceof List<?> calls)) {
                        sink.chunk(chunk);
                        return;
                    }
                    List<Object> moved = new ArrayList<>();
                    for (Object each : calls) {
                        Map<Object, Object> call = new LinkedHashMap<>((Map<?, ?>) each);
                        call.put("index", 1);
                        moved.add(call);
                    }
                    sink.chunk(with(chunk, "delta", Map.of("role", "assistant", "tool_calls", moved)));
                }
            };
        }
    }

    static class MakesUpAUsage extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    ChatUsage usage = super.stream(call, request, sink);
                    return usage == null ? ChatUsage.of(Usage.NONE) : usage;
                }
            };
        }
    }

    static class TakesZeroForNothing extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    ChatUsage usage = super.stream(call, request, sink);
                    boolean zero = usage != null
                            && usage.billed().quantities().values().contains(0L);
                    return zero ? null : usage;
                }
            };
        }
    }

    static class WrapsTheSinksException extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    try {
                        return super.stream(call, request, sink);
                    } catch (IllegalStateException e) {
                        throw new UpstreamException(Kind.FAILED, "it broke", e);
                    }
                }
            };
        }
    }

    static class CannotBeStopped extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    UpstreamCall own =
                            new UpstreamCall(call.id(), call.model(), call.maxOutputTokens(), Duration.ofHours(1));
                    return super.stream(own, request, sink);
                }
            };
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(500);
        }
    }

    static class TakesACutForAnEnd extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    try {
                        return super.stream(call, request, sink);
                    } catch (UpstreamException e) {
                        if (e.kind() == Kind.UNREACHABLE && call.stopped() == null) {
                            return null;
                        }
                        throw e;
                    }
                }
            };
        }
    }

    static class KnowsOneKindOfFailure extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    try {
                        return super.stream(call, request, sink);
                    } catch (UpstreamException e) {
                        throw new UpstreamException(Kind.FAILED, "it broke", e);
                    }
                }
            };
        }
    }

    static class ForgetsTheBound extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    UpstreamCall unbounded =
                            new UpstreamCall(call.id(), call.model(), OptionalLong.empty(), call.remaining());
                    call.onCancel(() -> unbounded.stop(UpstreamCall.Stop.CALLER_GONE));
                    return super.stream(unbounded, request, sink);
                }
            };
        }
    }

    static class ForgetsTheModel extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    UpstreamCall other =
                            new UpstreamCall(call.id(), "its-favourite", call.maxOutputTokens(), call.remaining());
                    call.onCancel(() -> other.stop(UpstreamCall.Stop.CALLER_GONE));
                    return super.stream(other, request, sink);
                }
            };
        }
    }

    static class DropsUnknownFields extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    Map<String, Object> body = new LinkedHashMap<>(request.body());
                    body.remove("a_field_of_tomorrow");
                    return super.stream(call, ChatRequest.of(body), sink);
                }
            };
        }
    }

    static class DropsToolsInSilence extends Contract {
        @Override
        protected Set<Feature> features() {
            return EnumSet.complementOf(EnumSet.of(Feature.TOOLS));
        }

        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    Map<String, Object> body = new LinkedHashMap<>(request.body());
                    body.remove("tools");
                    return super.stream(call, ChatRequest.of(body), sink);
                }
            };
        }
    }

    static class AnswersWholesDifferently extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                @Override
                public ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
                    ChatAnswer answer = super.chat(call, request);
                    Map<String, Object> body = new LinkedHashMap<>(answer.body());
                    body.put("choices", List.of());
                    return new ChatAnswer(body, answer.usage());
                }
            };
        }
    }

    static class RemembersTheFirstSink extends Contract {
        @Override
        ChatProvider broken(ScriptedProvider upstream) {
            return new Good(upstream) {
                private final AtomicReference<ChatSink> first = new AtomicReference<>();

                @Override
                public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink)
                        throws UpstreamException {
                    first.compareAndSet(null, sink);
                    return super.stream(call, request, first.get());
                }
            };
        }
    }
}
