package com.example;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.testkit.CreditLedgerContract;
import org.h2.jdbcx.JdbcConnectionPool;

// README: contract
class TableLedgerTest extends CreditLedgerContract {
    private static final CreditLedger LEDGER = new TableLedger(JdbcConnectionPool.create(
            "jdbc:h2:mem:books;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000;INIT=RUNSCRIPT FROM 'classpath:tables.sql'",
            "sa",
            ""));

    @Override
    protected CreditLedger newLedger() {
        return LEDGER;
    }
}
// README: end
