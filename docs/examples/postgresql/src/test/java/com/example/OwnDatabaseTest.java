package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.synapse.gateway.billing.EmbeddedDatabase;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class OwnDatabaseTest {
    @Test
    void keys_and_credits_live_in_the_programs_own_database() throws Exception {
        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(Path.of("target"))) {
            PGSimpleDataSource database = new PGSimpleDataSource();
            database.setUrl(postgres.url());
            database.setUser(postgres.user());
            database.setPassword(postgres.password());
            try (Connection connection = database.getConnection()) {
                connection.createStatement().execute("DROP SCHEMA IF EXISTS gateway CASCADE");
            }

            Credits charged = OwnDatabase.serve(database, new Parrot());

            try (Connection connection = database.getConnection();
                    ResultSet row = connection
                            .createStatement()
                            .executeQuery("SELECT available, spent FROM gateway.wallet WHERE NOT test")) {
                assertTrue(row.next());
                assertEquals(charged.micros(), row.getLong("spent"));
                assertEquals(Credits.of(1000).minus(charged).micros(), row.getLong("available"));
            }
        }
    }

    private static final class Parrot implements ChatProvider {
        @Override
        public String id() {
            return "parrot";
        }

        @Override
        public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) {
            sink.chunk(ChatChunk.begins(0));
            sink.chunk(ChatChunk.text(0, "Hello"));
            sink.chunk(ChatChunk.ends(0, "stop"));
            return null;
        }
    }
}
