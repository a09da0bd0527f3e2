package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.testkit.fake.FlakyLedger;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call ends with its time, whatever else waits. */
class DeadlinesTest {
    private final CreditLedger books = CreditLedger.inMemory(Map.of("acme", Credits.of(1000)));
    private final FlakyLedger ledger = new FlakyLedger(books);

    @Test
    @Timeout(60)
    void a_ledger_that_does_not_answer_keeps_no_call_from_timing_out() {
        ledger.hangExtending();
        try (Gateway gateway = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
                .catalog(ModelCatalog.of(Model.chat("one", new Route("silent", "one"), Credits.of(1), Credits.of(1))))
                .ledger(ledger)
                .provider(new Silent())
                // Its leases are extended, in vain, long before the call has taken too long.
                .holdLease(Duration.ofMillis(60))
                .upstreamTimeout(Duration.ofMillis(600))
                .build()) {
            GatewayException late = catchThrowableOfType(
                    GatewayException.class, () -> gateway.chat("key", ChatRequest.of("one", "Hello")));
            assertThat(late.error()).isInstanceOf(GatewayError.UpstreamTimeout.class);
            ledger.recover();
        }
        assertThat(books.audit()).isEmpty();
    }

    /** Says nothing until it is stopped. */
    private static final class Silent implements ChatProvider {
        @Override
        public String id() {
            return "silent";
        }

        @Override
        public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
            CountDownLatch stopped = new CountDownLatch(1);
            call.onCancel(stopped::countDown);
            try {
                stopped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UpstreamException(UpstreamException.Kind.UNREACHABLE, "stopped", null);
        }
    }
}
