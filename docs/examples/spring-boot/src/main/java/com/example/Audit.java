package com.example;

import io.synapse.gateway.GatewayListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Takes note of who called what, under which charge. */
@Component
class Audit implements GatewayListener {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final List<Call> calls = new CopyOnWriteArrayList<>();

    @Override
    public void finished(Call call) {
        calls.add(call);
        LOG.info(
                "{} {} of {} by key {}: charge {}, {} credits",
                call.requestId(),
                call.model(),
                call.caller().account(),
                call.caller().key(),
                call.charge(),
                call.charged());
    }

    List<Call> calls() {
        return calls;
    }
}
