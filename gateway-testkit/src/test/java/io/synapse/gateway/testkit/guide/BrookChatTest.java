package io.synapse.gateway.testkit.guide;

import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.testkit.Feature;
import io.synapse.gateway.testkit.HttpChatProviderContract;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.ChatFormat;
import io.synapse.gateway.testkit.fake.ChatUpstream.Tokens;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

// guide: brook-test
class BrookChatTest extends HttpChatProviderContract {
    @Override
    protected ChatProvider providerAt(URI upstream) {
        return new BrookChat(upstream, "a-key");
    }

    @Override
    protected ChatFormat format() {
        return new BrookFormat();
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.noneOf(Feature.class);
    }

    /** How Brook writes. */
    private static final class BrookFormat implements ChatFormat {
        @Override
        public Answer says(Request request, Tokens usage, List<String> pieces) {
            return exchange -> {
                begins(request, pieces).write(exchange);
                String told = usage == null ? "" : ",\"read\":" + usage.prompt() + ",\"said\":" + usage.completion();
                exchange.body("{\"end\":\"stop\"" + told + "}\n");
            };
        }

        @Override
        public Answer begins(Request request, List<String> pieces) {
            return exchange -> {
                exchange.chunkedHead(200, Map.of("Content-Type", "application/x-ndjson"));
                for (String piece : pieces) {
                    exchange.body(PlainJson.write(Map.of("say", piece)) + "\n");
                }
            };
        }

        @Override
        public Answer failsWithin(Request request) {
            return exchange -> exchange.body("{\"error\":\"no strength left\"}\n");
        }

        @Override
        public OptionalLong bound(Request request) {
            return request.json().get("limit") instanceof Number limit
                    ? OptionalLong.of(limit.longValue())
                    : OptionalLong.empty();
        }
    }
}
// guide: end
