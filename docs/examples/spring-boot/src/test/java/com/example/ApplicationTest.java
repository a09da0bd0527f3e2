package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
class ApplicationTest {
    @Autowired
    private Gateway gateway;

    @Autowired
    private CreditLedger ledger;

    @Autowired
    private Audit audit;

    @Test
    void the_engine_is_a_bean() {
        Answered<ChatAnswer> hello = gateway.chat("sk-1", ChatRequest.of("sandbox/chat", "Hello"));
        assertThat(hello.answer().text()).contains("sandbox");
        assertThat(ledger.available("acme"))
                .isEqualTo(Credits.of(1000).minus(hello.receipt().charged()));
        assertThat(audit.calls()).singleElement().satisfies(call -> {
            assertThat(call.caller().account()).isEqualTo("acme");
            assertThat(call.charge()).isEqualTo(hello.receipt().charge());
        });
    }
}
