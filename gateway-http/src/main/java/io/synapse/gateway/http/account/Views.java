package io.synapse.gateway.http.account;

import io.synapse.gateway.billing.Accounts;
import io.synapse.gateway.billing.AuditEvent;
import io.synapse.gateway.billing.LedgerEntry;
import io.synapse.gateway.billing.Project;
import io.synapse.gateway.billing.SpendCap;
import io.synapse.gateway.billing.StoredKey;
import io.synapse.gateway.billing.UsageRecord;
import io.synapse.gateway.billing.UsageTotal;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.http.ChargesHandler;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Things as the account API shows them: amounts as decimal strings, times in ISO-8601. */
final class Views {
    static final List<String> RECORD_COLUMNS = List.of(
            "request_id",
            "created",
            "model",
            "provider",
            "key",
            "key_name",
            "project",
            "project_name",
            "test",
            "state",
            "reserved",
            "charged",
            "usage_source",
            "usage");
    static final List<String> ENTRY_COLUMNS =
            List.of("number", "created", "kind", "amount", "balance", "held", "request_id", "model", "reference");

    private Views() {}

    /** The columns of totals by that. */
    static List<String> totalColumns(UsageTotal.By by) {
        String group = by.name().toLowerCase(Locale.ROOT);
        return switch (by) {
            case DAY, MODEL -> List.of(group, "test", "requests", "failed", "charged", "usage");
            case KEY, PROJECT -> List.of(group, group + "_name", "test", "requests", "failed", "charged", "usage");
        };
    }

    static Map<String, @Nullable Object> account(Accounts.Balance balance) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", balance.account().id());
        view.put("email", balance.account().email());
        view.put("name", balance.account().name());
        view.put("role", balance.account().role().name().toLowerCase(Locale.ROOT));
        view.put("credits", balance.available().toString());
        view.put("test_credits", balance.testAvailable().toString());
        view.put("created", balance.account().created().toString());
        return view;
    }

    static Map<String, @Nullable Object> key(StoredKey key) {
        int ellipsis = key.display().indexOf('…');
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", key.id());
        view.put("name", key.name());
        view.put("prefix", key.display().substring(0, ellipsis));
        view.put("last4", key.display().substring(ellipsis + 1));
        view.put("project_id", key.project());
        view.put("test", key.test());
        view.put("created", key.created().toString());
        view.put("expires_at", text(key.expiresAt()));
        view.put("revoked_at", text(key.revokedAt()));
        view.put("requests_per_minute", key.requestsPerMinute() == 0 ? null : key.requestsPerMinute());
        return view;
    }

    static Map<String, @Nullable Object> project(Project project) {
        SpendCap cap = project.cap();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", project.id());
        view.put("name", project.name());
        view.put("default", project.isDefault());
        view.put("spend_cap", cap == null ? null : cap.amount().toString());
        view.put("cap_period", cap == null ? null : cap.period().wireName());
        view.put("allowed_models", project.allowedModels() == null ? null : new TreeSet<>(project.allowedModels()));
        view.put("created", project.created().toString());
        return view;
    }

    /** A call: its receipt, and what its key and project are called. */
    static Map<String, @Nullable Object> record(UsageRecord record) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>(ChargesHandler.receipt(record.charge()));
        view.put("key_name", record.keyName());
        view.put("project_name", record.projectName());
        view.put("test", record.test());
        return view;
    }

    static Map<String, @Nullable Object> total(UsageTotal.By by, UsageTotal total) {
        String group = by.name().toLowerCase(Locale.ROOT);
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put(group, total.group());
        if (by == UsageTotal.By.KEY || by == UsageTotal.By.PROJECT) {
            view.put(group + "_name", total.name());
        }
        view.put("test", total.test());
        view.put("requests", total.requests());
        view.put("failed", total.failed());
        view.put("charged", total.charged().toString());
        view.put("usage", units(total.usage()));
        return view;
    }

    private static Map<String, Long> units(Map<Unit, Long> quantities) {
        Map<String, Long> units = new TreeMap<>();
        quantities.forEach((unit, quantity) -> units.put(unit.wireName(), quantity));
        return units;
    }

    static Map<String, @Nullable Object> entry(LedgerEntry entry) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("number", entry.number());
        view.put("created", entry.at().toString());
        view.put("kind", entry.kind());
        view.put("amount", signed(entry.amount()));
        view.put("balance", entry.available().toString());
        view.put("held", entry.held().toString());
        view.put("request_id", entry.requestId());
        view.put("model", entry.model());
        view.put("reference", entry.reference());
        return view;
    }

    static Map<String, @Nullable Object> event(AuditEvent event) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("number", event.number());
        view.put("created", event.at().toString());
        view.put("actor", event.actor());
        view.put("address", event.address());
        view.put("request_id", event.requestId());
        view.put("action", event.action());
        view.put("target", event.target());
        view.put("detail", event.detail());
        view.put("hash", event.hash());
        return view;
    }

    private static String signed(long micros) {
        return (micros < 0 ? "-" : "") + Credits.ofMicros(Math.abs(micros));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
