/** The gateway's domain and its ports, on nothing but the JDK. */
module io.synapse.gateway.core {
    requires static transitive org.jspecify;

    exports io.synapse.gateway;
    exports io.synapse.gateway.catalog;
    exports io.synapse.gateway.chat;
    exports io.synapse.gateway.credit;
    exports io.synapse.gateway.fault;
    exports io.synapse.gateway.header;
    exports io.synapse.gateway.idempotency;
    exports io.synapse.gateway.identity;
    exports io.synapse.gateway.limit;
    exports io.synapse.gateway.media;
    exports io.synapse.gateway.provider;
}
