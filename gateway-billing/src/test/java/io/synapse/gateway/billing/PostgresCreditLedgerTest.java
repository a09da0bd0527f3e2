package io.synapse.gateway.billing;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.testkit.CreditLedgerContract;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresCreditLedgerTest extends CreditLedgerContract {
    private static TestDatabase database;

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(PostgresCreditLedgerTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    protected CreditLedger newLedger() {
        return database.billing.ledger();
    }
}
