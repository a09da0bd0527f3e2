package io.synapse.gateway.testkit;

import io.synapse.gateway.credit.SettlementJournal;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileSettlementJournalTest extends SettlementJournalContract {
    @TempDir
    Path directory;

    @Override
    protected SettlementJournal open() {
        return SettlementJournal.inFile(directory.resolve("settlements"));
    }
}
