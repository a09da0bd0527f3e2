-- Less to write for a charge, and less to read for each statement that writes one.
-- From here on the ledger's functions are in R__ledger.sql, as they are now.
-- A program with restricted rights needs, besides what V3 names, to execute expire().

-- When nobody answers for an open charge any more, by this database's clock, stands with the charge, under no index: it can
-- be put off without writing one.
ALTER TABLE charge ADD COLUMN deadline timestamptz;
UPDATE charge old SET deadline = l.deadline FROM lease l WHERE l.charge = old.id;
DROP TABLE lease;

-- Where to look for what has expired: a row for all that a batch held or extended, which says when to look at those charges. By
-- then most are closed, and whoever looks deletes the row.
CREATE TABLE lease_end (
    at      timestamptz NOT NULL,
    charges uuid[]      NOT NULL
);
CREATE INDEX lease_end_at ON lease_end (at);
INSERT INTO lease_end SELECT deadline, ARRAY[id] FROM charge WHERE state = 'reserved';

-- The newest last, and read backwards: pages that are filled at the end are not split in the middle.
DROP INDEX charge_time;
CREATE INDEX charge_time ON charge (wallet, created, id);

-- PostgreSQL reads a table's CHECK constraints and its triggers' conditions anew for each statement that writes it, so they are
-- short. They forbid what they forbade before, but for an extra line of nothing.
ALTER TABLE wallet
    DROP CONSTRAINT wallet_id_check,
    DROP CONSTRAINT wallet_available_check,
    DROP CONSTRAINT wallet_held_check,
    DROP CONSTRAINT wallet_spent_check,
    DROP CONSTRAINT wallet_funded_check,
    DROP CONSTRAINT wallet_version_check,
    ADD CONSTRAINT nothing_is_below_zero CHECK (least(available, held, spent, funded, version) >= 0);
CREATE TRIGGER wallet_has_an_id BEFORE INSERT ON wallet
    FOR EACH ROW WHEN (char_length(NEW.id) NOT BETWEEN 1 AND 200)
    EXECUTE FUNCTION refuse('the id of a wallet has 1 to 200 characters');
DROP TRIGGER wallet_counts_its_entries ON wallet;
CREATE TRIGGER wallet_counts_its_entries BEFORE UPDATE OF available, held, spent, funded, version ON wallet
    FOR EACH ROW WHEN (NEW.version <= OLD.version)
    EXECUTE FUNCTION refuse('a balance changes only together with an entry');
CREATE TRIGGER wallet_keeps_its_id BEFORE UPDATE OF id, test ON wallet
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.test <> OLD.test)
    EXECUTE FUNCTION refuse('the id of a wallet and its kind are never changed');

ALTER TABLE charge
    DROP CONSTRAINT charge_reserved_check,
    DROP CONSTRAINT charge_check, -- of the cost
    DROP CONSTRAINT charge_extra_check,
    DROP CONSTRAINT charge_late_check,
    DROP CONSTRAINT charge_shortfall_check,
    DROP CONSTRAINT settled_has_a_cost,
    DROP CONSTRAINT settled_has_a_receipt,
    DROP CONSTRAINT only_settled_costs,
    DROP CONSTRAINT late_takes_no_hold,
    DROP CONSTRAINT budget_has_a_month,
    ADD CONSTRAINT nothing_is_below_zero CHECK (least(reserved, cost, reserved - cost, extra, late, shortfall) >= 0),
    ADD CONSTRAINT settled_has_a_receipt CHECK (
        num_nonnulls(cost, usage, usage_source, price_version) = CASE state WHEN 'settled' THEN 4 ELSE 0 END),
    ADD CONSTRAINT only_settled_costs CHECK (cost IS NOT NULL OR extra + late + shortfall = 0),
    ADD CONSTRAINT late_takes_no_hold CHECK (late = 0 OR cost + extra = 0),
    ADD CONSTRAINT budget_has_a_month CHECK (num_nulls(budget_project, budget_month) <> 1);

ALTER TABLE entry
    DROP CONSTRAINT entry_version_check,
    DROP CONSTRAINT entry_available_after_check,
    DROP CONSTRAINT entry_held_after_check,
    DROP CONSTRAINT entry_kind_check,
    DROP CONSTRAINT only_deposits_bring_money,
    DROP CONSTRAINT deposits_are_named,
    DROP CONSTRAINT moves_as_its_kind,
    ADD CONSTRAINT nothing_is_below_zero CHECK (least(available_after, held_after, version - 1) >= 0),
    ADD CONSTRAINT only_deposits_bring_money CHECK (charge IS NULL OR d_source = 0),
    ADD CONSTRAINT deposits_are_named CHECK (
        (charge IS NULL) = (kind = 'deposit') AND (charge IS NULL) = (reference IS NOT NULL)),
    -- What a line leaves open here follows from its sum being zero.
    ADD CONSTRAINT moves_as_its_kind CHECK (CASE
        WHEN kind IN ('extra', 'late') THEN d_held = 0 AND d_available <= 0
        WHEN kind = 'settle' THEN d_held <= 0 AND least(d_available, d_spent) >= 0
        WHEN d_spent <> 0 THEN false
        WHEN kind = 'reserve' THEN d_held >= 0
        WHEN kind = 'deposit' THEN d_held = 0 AND d_available >= 0
        ELSE kind IN ('release', 'expire') AND d_held <= 0
    END);

ALTER TYPE decision ADD ATTRIBUTE n int; -- the command's place

-- As in V7, but for the leases.
CREATE OR REPLACE FUNCTION audit() RETURNS SETOF text
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
AS $$
    SELECT audit_amounts()

    UNION ALL
    SELECT format('entry %s of wallet %s: there is no such wallet', e.version, e.wallet)
      FROM entry e
     WHERE NOT EXISTS (SELECT FROM wallet w WHERE w.id = e.wallet)

    UNION ALL
    SELECT format('entry %s of wallet %s: there is no charge %s of that wallet', e.version, e.wallet, e.charge)
      FROM entry e
     WHERE e.charge IS NOT NULL AND NOT EXISTS (SELECT FROM charge c WHERE c.id = e.charge AND c.wallet = e.wallet)

    UNION ALL
    SELECT format('charge %s: there is no wallet %s', c.id, c.wallet)
      FROM charge c
     WHERE NOT EXISTS (SELECT FROM wallet w WHERE w.id = c.wallet)

    UNION ALL
    SELECT format('charge %s: reserved until %s, but nobody will look at it then', c.id, coalesce(c.deadline::text, 'ever'))
      FROM charge c
      LEFT JOIN (SELECT charge, max(at) AS at FROM lease_end, unnest(charges) charge GROUP BY charge) l ON l.charge = c.id
     WHERE c.state = 'reserved' AND (c.deadline <= l.at) IS NOT TRUE
$$;
