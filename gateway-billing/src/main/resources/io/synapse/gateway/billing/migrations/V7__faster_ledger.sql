-- The ledger's function, written anew for speed: a loop decides, and a few statements write what it decided. What an
-- open charge needs besides itself is in a small table of its own, so that closing one need not write the large table's
-- indexes again.
-- A program with restricted rights needs nothing that V3 does not name.

-- An open charge's lease, by this database's clock; no row for a closed one. Small, and changed all the time: it is
-- read as a whole to find what has expired, which costs less than to keep an index by deadline.
CREATE TABLE lease (
    charge   uuid        PRIMARY KEY,
    deadline timestamptz NOT NULL
) WITH (fillfactor = 70);

INSERT INTO lease SELECT id, deadline FROM charge WHERE state = 'reserved';

-- With it goes the index of open charges, which made each closing write every index of the table again. Half of each page is
-- for the rows as they are when closed.
ALTER TABLE charge DROP COLUMN deadline;
ALTER TABLE charge SET (fillfactor = 45);

-- A request's id is enough to find its few charges.
DROP INDEX charge_request;
CREATE INDEX charge_request ON charge (request_id);

-- One unique index instead of two: a charge has one line of each kind, and one that closes it.
DROP INDEX entry_closes_once;
ALTER TABLE entry DROP CONSTRAINT once_per_charge_and_kind;
CREATE UNIQUE INDEX entry_once ON entry (
    charge, (CASE WHEN kind IN ('settle', 'release', 'expire') THEN 'close' ELSE kind END));

-- Wallets and charges are never deleted and never change their ids, so a reference to one stays good: that it was good when it
-- was written is the function's to see to and the audit's to check. A foreign key would look it up again for every line.
ALTER TABLE entry DROP CONSTRAINT entry_wallet_fkey, DROP CONSTRAINT entry_charge_fkey;
ALTER TABLE charge DROP CONSTRAINT charge_wallet_fkey;
CREATE TRIGGER wallet_is_not_truncated BEFORE TRUNCATE ON wallet
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a wallet is never deleted');
CREATE TRIGGER charge_is_not_truncated BEFORE TRUNCATE ON charge
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a charge is never deleted');

-- As before, but looked at only by statements that name one of these columns.
DROP TRIGGER charge_keeps_its_hold ON charge;
CREATE TRIGGER charge_keeps_its_hold
    BEFORE UPDATE OF id, request_id, wallet, project, key, model, reserved, created, budget_project, budget_month ON charge
    FOR EACH ROW WHEN (
        (NEW.id, NEW.request_id, NEW.wallet, NEW.project, NEW.key, NEW.model, NEW.reserved, NEW.created)
            <> (OLD.id, OLD.request_id, OLD.wallet, OLD.project, OLD.key, OLD.model, OLD.reserved, OLD.created)
        OR (NEW.budget_project, NEW.budget_month) IS DISTINCT FROM (OLD.budget_project, OLD.budget_month))
    EXECUTE FUNCTION refuse('what a charge was held for is never changed');

-- What the function decided about one command: its answer, and the line that it writes, if any.
CREATE TYPE decision AS (
    wallet         text,
    line           text,   -- the entry's kind
    d_available    bigint,
    d_held         bigint,
    d_spent        bigint,
    extra          bigint, -- taken beyond the hold, by a second line
    version        bigint,
    available      bigint, -- after both lines
    held           bigint,
    code           text,
    amount         bigint,
    budget_project uuid,
    budget_month   text);

-- Applies a batch of commands and answers each with one row, in their order. What a command may say is an argument per
-- column; a command leaves what it has no use for null.
--
--   kind     uses                                                       answers (amount; available is always the wallet's)
--   deposit  wallet, amount, request_id as the deposit's reference      deposited
--   hold     charge, request_id, wallet, project, key, model, amount,   held (reserved) | insufficient | budget (left in
--            least, lease                                               the cap) | key_inactive | closed | conflict
--   settle   charge, amount as the cost, provider, source,              settled, released (charged) | unknown
--            price_version, usage
--   release  charge                                                     the charge's state | unknown
--   extend   charge, lease                                              the charge's state | unknown
--   expire   charge                                                     expired if this closed it, else unchanged | unknown
--
-- A refusal is an answer and no exception, so that it does not undo the rest of the batch. Every command may be sent
-- again: the charge's id (the deposit's reference) tells that it was done, and the answer is the same.
--
-- Rows are locked in one order, wallets, budgets, leases, each by key: batches wait for each other and never in a
-- circle. A charge's state changes only under its wallet's lock, a lease's end only under its own. Each statement here sees
-- what others committed before it (READ COMMITTED), so what is read under a lock is true until the end.
--
-- Plans: every statement finds its rows by key, however many there are. Told so, PostgreSQL plans each once per connection
-- and cannot settle on reading whole tables because they were empty when it did; to plan anew for each call would cost
-- more than the call.
CREATE OR REPLACE FUNCTION apply(
    kinds text[], charges uuid[], request_ids text[], wallets text[], projects text[], keys text[], models text[],
    amounts bigint[], leasts bigint[], leases_ms bigint[],
    providers text[], sources text[], price_versions text[], usages text[])
RETURNS TABLE (code text, amount bigint, available bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_bitmapscan = off
SET lock_timeout = '2s'
AS $$
#variable_conflict use_variable
DECLARE
    has_holds    constant boolean := 'hold' = ANY (kinds);
    has_closings constant boolean := kinds && ARRAY['settle', 'release', 'expire'];
    -- By the commands' places.
    decisions    decision[] := array_fill(null::decision, ARRAY[cardinality(kinds)]);
    -- The wallets as they are afterwards, of those that change.
    changed      wallet[] := '{}';

    closing_in   text[] := '{}';    -- the wallets of the charges to close that there are
    locked       bigint;            -- how many wallets are
    met          bigint := 0;       -- how many the loop has met
    twice        boolean := false;  -- whether some charge is named by more than one command
    has_budgets  boolean := false;
    capped       project[] := '{}'; -- the projects that can have a cap
    dead_keys    text[] := '{}';
    budget_keys  text[] := '{}';
    budget_rows  budget[] := '{}';  -- in the order of their keys
    this_month   text;
    deposited    text[] := '{}';
    extras       boolean := false;
    now_is       timestamptz;

    c            record;            -- the command, with its charge and its wallet as they were
    w            wallet;            -- the wallet as it is by now
    version_was  bigint;
    d_held       bigint;
    d_spent      bigint;
    extra        bigint;
    project_is   uuid;
    month_is     text;
    total_at     int;
    month_at     int;
    unlimited    constant bigint := 9223372036854775807;
    room         bigint := unlimited; -- what the project's cap still allows
BEGIN
    -- Wallets. A charge never changes its wallet or budget, so those may be read before anything is locked.
    IF has_closings OR cardinality(kinds) > 1 THEN
        SELECT coalesce(array_agg(ch.wallet), '{}'), coalesce(bool_or(ch.budget_project IS NOT NULL), false),
               (SELECT count(charge) > count(DISTINCT charge) FROM unnest(charges) charge)
          INTO closing_in, has_budgets, twice
          FROM unnest(kinds, charges) AS given (kind, charge)
          JOIN charge ch ON ch.id = given.charge
         WHERE given.kind IN ('settle', 'release', 'expire');
    END IF;
    IF 'deposit' = ANY (kinds) OR 0 = ANY (leasts) THEN
        -- What needs no money needs no wallet either; the charge still wants a row to refer to.
        INSERT INTO wallet AS new (id)
        SELECT DISTINCT given.wallet COLLATE "C"
          FROM unnest(kinds, wallets, leasts) AS given (kind, wallet, least)
         WHERE (given.kind = 'deposit' OR (given.kind = 'hold' AND given.least = 0))
           AND NOT EXISTS (SELECT FROM wallet old WHERE old.id = given.wallet)
         ORDER BY 1
            ON CONFLICT DO NOTHING;
    END IF;
    PERFORM FROM wallet row_ WHERE row_.id = ANY (wallets || closing_in) ORDER BY row_.id FOR NO KEY UPDATE;
    GET DIAGNOSTICS locked = ROW_COUNT;

    IF has_holds THEN
        SELECT ARRAY(SELECT k.id::text FROM api_key k
                      WHERE k.id = ANY (ARRAY(SELECT as_uuid(id) FROM (SELECT DISTINCT unnest(keys)) AS given (id)))
                        AND (k.revoked_at IS NOT NULL OR k.expires_at <= clock_timestamp())),
               ARRAY(SELECT pr FROM project pr
                      WHERE pr.id = ANY (ARRAY(SELECT as_uuid(id) FROM (SELECT DISTINCT unnest(projects)) AS given (id)))
                        AND NOT pr.is_default)
          INTO dead_keys, capped;
    END IF;
    IF has_budgets OR cardinality(capped) > 0 THEN
        has_budgets := true;
        this_month := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM');
        DECLARE
            wanted budget[] := ARRAY(
                SELECT DISTINCT ROW(b.project, wal.test, b.period, null, 0, 0)::budget
                  FROM (SELECT pr.id, given.wallet, period
                          FROM unnest(wallets, projects) AS given (wallet, project)
                          JOIN unnest(capped) pr ON pr.id = as_uuid(given.project)
                         CROSS JOIN unnest(ARRAY['total', this_month]) period
                         UNION
                        SELECT ch.budget_project, ch.wallet, period
                          FROM charge ch
                         CROSS JOIN unnest(ARRAY['total', ch.budget_month]) period
                         WHERE ch.id = ANY (charges) AND ch.budget_project IS NOT NULL) AS b (project, wallet, period)
                  JOIN wallet wal ON wal.id = b.wallet);
        BEGIN
            INSERT INTO budget AS new (project, test, period)
            SELECT b.project, b.test, b.period
              FROM unnest(wanted) b
             WHERE NOT EXISTS (
                   SELECT FROM budget old
                    WHERE (old.project, old.test, old.period) = (b.project, b.test, b.period))
             ORDER BY b.project, b.test, b.period
                ON CONFLICT DO NOTHING;
            budget_rows := ARRAY(
                SELECT row_ FROM budget row_
                 WHERE (row_.project, row_.test, row_.period)
                    IN (SELECT b.project, b.test, b.period FROM unnest(wanted) b)
                 ORDER BY row_.project, row_.test, row_.period
                   FOR NO KEY UPDATE);
            -- The cap that holds is the project's of this moment.
            budget_rows := ARRAY(
                SELECT ROW(
                           b.project, b.test, b.period,
                           CASE WHEN pr.cap_period = (CASE b.period WHEN 'total' THEN 'total' ELSE 'month' END)
                                THEN pr.spend_cap
                           END,
                           b.reserved, b.spent)::budget
                  FROM unnest(budget_rows) WITH ORDINALITY b
                  JOIN project pr ON pr.id = b.project
                 ORDER BY b.ordinality);
            budget_keys := ARRAY(
                SELECT b.project || '/' || b.test || '/' || b.period
                  FROM unnest(budget_rows) WITH ORDINALITY b ORDER BY b.ordinality);
        END;
    END IF;

    IF twice THEN
        -- Some charge is named twice, and what is decided first changes what is decided next. That is rare enough to be
        -- done command by command.
        PERFORM FROM lease row_ WHERE row_.charge = ANY (charges) ORDER BY row_.charge FOR NO KEY UPDATE;
        FOR c IN
            SELECT given.n
              FROM unnest(kinds) WITH ORDINALITY AS given (kind, n)
             ORDER BY given.kind = 'hold', given.n
        LOOP
            decisions[c.n] := (
                SELECT ROW(null, null, null, null, null, null, null, one.available, null, one.code, one.amount, null, null)
                       ::decision
                  FROM apply(
                       kinds[c.n:c.n], charges[c.n:c.n], request_ids[c.n:c.n], wallets[c.n:c.n], projects[c.n:c.n],
                       keys[c.n:c.n], models[c.n:c.n], amounts[c.n:c.n], leasts[c.n:c.n], leases_ms[c.n:c.n],
                       providers[c.n:c.n], sources[c.n:c.n], price_versions[c.n:c.n], usages[c.n:c.n]) one);
        END LOOP;
        RETURN QUERY SELECT d.code, d.amount, d.available FROM unnest(decisions) d;
        RETURN;
    END IF;

    IF kinds && ARRAY['extend', 'expire'] THEN
        PERFORM FROM lease row_ WHERE row_.charge = ANY (charges) ORDER BY row_.charge FOR NO KEY UPDATE;
    END IF;
    now_is := clock_timestamp();

    -- Wallet by wallet. What brings money back comes first, so that holds of the same batch can have it. What does not depend on
    -- what the others take is told by the query; the loop sees to the money.
    FOR c IN
        SELECT given.n, given.kind, given.project, given.request_id, given.amount, given.least,
               wal.id AS wallet, wal AS wallet_row, ch.reserved, ch.cost + ch.extra + ch.late AS charged,
               ch.budget_project, ch.budget_month,
               CASE given.kind
                   WHEN 'hold' THEN CASE WHEN ch.id IS NULL AND NOT given.key = ANY (dead_keys) THEN 'reserve' END
                   WHEN 'deposit' THEN 'deposit'
                   WHEN 'extend' THEN null
                   ELSE CASE
                       WHEN ch.id IS NULL THEN null
                       WHEN ch.wallet <> ALL (closing_in) THEN 'unlocked'
                       WHEN ch.state = 'expired' AND given.kind = 'settle' THEN 'late'
                       WHEN ch.state = 'reserved' THEN CASE
                           WHEN given.kind = 'settle' AND given.amount > ch.reserved THEN 'settle beyond'
                           WHEN given.kind <> 'expire'
                                OR (SELECT l.deadline < now_is FROM lease l WHERE l.charge = ch.id) THEN given.kind END
                       END
               END AS line,
               CASE
                   WHEN given.kind = 'deposit' THEN 'deposited'
                   WHEN given.kind = 'hold' THEN CASE
                       WHEN ch.id IS NULL THEN CASE WHEN given.key = ANY (dead_keys) THEN 'key_inactive' ELSE 'held' END
                       WHEN (ch.wallet, ch.request_id) <> (given.wallet, given.request_id) THEN 'conflict'
                       WHEN ch.state = 'reserved' THEN 'held'
                       ELSE 'closed' END
                   WHEN ch.id IS NULL THEN 'unknown'
                   WHEN given.kind = 'settle' AND ch.state IN ('reserved', 'expired') THEN 'settled'
                   WHEN given.kind = 'expire' THEN 'unchanged'
                   ELSE ch.state
               END AS code
          FROM unnest(kinds, charges, request_ids, wallets, projects, keys, amounts, leasts)
               WITH ORDINALITY AS given (kind, charge, request_id, wallet, project, key, amount, least, n)
          LEFT JOIN charge ch ON ch.id = given.charge
          LEFT JOIN wallet wal
                 ON wal.id = CASE WHEN given.kind IN ('hold', 'deposit') THEN given.wallet
                                  WHEN given.kind <> 'extend' THEN ch.wallet END
         ORDER BY wal.id, given.kind = 'hold', given.n
    LOOP
        IF c.wallet IS DISTINCT FROM w.id THEN
            IF w.version > version_was THEN
                changed[cardinality(changed) + 1] := w;
            END IF;
            w := c.wallet_row;
            version_was := w.version;
            met := met + CASE WHEN c.wallet IS NULL THEN 0 ELSE 1 END;
            deposited := '{}';
        END IF;
        IF has_budgets THEN
            project_is := c.budget_project;
            month_is := c.budget_month;
            IF c.line = 'reserve' THEN
                SELECT pr.id INTO project_is FROM unnest(capped) pr WHERE pr.id = as_uuid(c.project);
                month_is := CASE WHEN project_is IS NOT NULL THEN this_month END;
            END IF;
            room := unlimited;
            total_at := null;
            IF project_is IS NOT NULL AND w.id IS NOT NULL THEN
                total_at := array_position(budget_keys, project_is || '/' || w.test || '/total');
                month_at := array_position(budget_keys, project_is || '/' || w.test || '/' || month_is);
                room := greatest(0, least(
                    budget_rows[total_at].cap - budget_rows[total_at].reserved - budget_rows[total_at].spent,
                    budget_rows[month_at].cap - budget_rows[month_at].reserved - budget_rows[month_at].spent,
                    unlimited));
            END IF;
        END IF;

        IF c.line = 'reserve' THEN
            IF w.id IS NULL OR w.available < c.least THEN
                decisions[c.n] := ROW(null, null, 0, 0, 0, 0, null, w.available, null, 'insufficient', null, null, null);
                CONTINUE;
            ELSIF room < c.least THEN
                decisions[c.n] := ROW(null, null, 0, 0, 0, 0, null, w.available, null, 'budget', room, null, null);
                CONTINUE;
            END IF;
            d_held := least(c.amount, w.available, room);
            w.available := w.available - d_held;
            w.held := w.held + d_held;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, c.line, -d_held, d_held, 0, 0, w.version, w.available, w.held, c.code, d_held, project_is, month_is);
        ELSIF c.line IN ('settle', 'release', 'expire') THEN
            d_spent := CASE c.line WHEN 'settle' THEN c.amount ELSE 0 END;
            w.available := w.available + c.reserved - d_spent;
            w.held := w.held - c.reserved;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, c.line, c.reserved - d_spent, -c.reserved, d_spent, 0, w.version, w.available, w.held,
                CASE c.line WHEN 'settle' THEN c.code ELSE c.line || 'd' END, d_spent, null, null);
        ELSIF c.line = 'settle beyond' THEN
            -- The cost takes the whole hold, so nothing of that comes back to available.
            extra := least(c.amount - c.reserved, w.available, room);
            extras := extras OR extra > 0;
            w.available := w.available - extra;
            w.held := w.held - c.reserved;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, 'settle', 0, -c.reserved, c.reserved, extra, w.version, w.available, w.held, c.code,
                c.reserved + extra, null, null);
            w.version := w.version + CASE WHEN extra > 0 THEN 1 ELSE 0 END;
        ELSIF c.line = 'late' THEN
            d_spent := least(c.amount, w.available, room);
            w.available := w.available - d_spent;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, c.line, -d_spent, 0, d_spent, 0, w.version, w.available, w.held, c.code, d_spent, null, null);
        ELSIF c.line = 'deposit' AND NOT c.request_id = ANY (deposited)
              AND NOT EXISTS (SELECT FROM entry e WHERE e.wallet = w.id AND e.reference = c.request_id)
        THEN
            deposited := deposited || c.request_id;
            w.funded := w.funded + c.amount;
            w.available := w.available + c.amount;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, c.line, c.amount, 0, 0, 0, w.version, w.available, w.held, c.code, null, null, null);
        ELSIF c.line = 'unlocked' THEN
            -- The charge was committed after its wallet was looked up, so the wallet may not be locked.
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'the charge is just being made';
        ELSE
            decisions[c.n] := ROW(
                null, null, 0, 0, 0, 0, null, w.available, null, c.code,
                CASE c.kind WHEN 'hold' THEN c.reserved WHEN 'settle' THEN coalesce(c.charged, 0) END, null, null);
        END IF;

        IF has_budgets AND total_at IS NOT NULL THEN
            d_held := decisions[c.n].d_held;
            d_spent := decisions[c.n].d_spent + decisions[c.n].extra;
            budget_rows[total_at].reserved := budget_rows[total_at].reserved + d_held;
            budget_rows[total_at].spent := budget_rows[total_at].spent + d_spent;
            budget_rows[month_at].reserved := budget_rows[month_at].reserved + d_held;
            budget_rows[month_at].spent := budget_rows[month_at].spent + d_spent;
        END IF;
    END LOOP;
    IF w.version > version_was THEN
        changed[cardinality(changed) + 1] := w;
    END IF;
    IF met > locked THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'the wallet is just being made';
    END IF;

    IF has_holds THEN
        INSERT INTO charge (
               id, request_id, wallet, project, key, model, state, reserved, budget_project, budget_month, created)
        SELECT given.charge, given.request_id, given.wallet, given.project, given.key, given.model, 'reserved', given.d_held,
               given.budget_project, given.budget_month, now_is
          FROM unnest(charges, request_ids, projects, keys, models, decisions)
               AS given (charge, request_id, project, key, model)
         WHERE given.line = 'reserve';
        INSERT INTO lease (charge, deadline)
        SELECT given.charge, now_is + given.lease_ms * interval '1 millisecond'
          FROM unnest(charges, leases_ms, decisions) AS given (charge, lease_ms)
         WHERE given.line = 'reserve';
    END IF;
    IF has_closings THEN
        UPDATE charge old
           SET state = new.code, closed = now_is,
               cost = CASE new.line WHEN 'settle' THEN new.d_spent WHEN 'late' THEN 0 END,
               extra = new.extra,
               late = CASE new.line WHEN 'late' THEN new.d_spent ELSE 0 END,
               shortfall = CASE WHEN new.code = 'settled' THEN new.cost - new.amount ELSE 0 END,
               provider = new.provider, usage = new.usage::jsonb, usage_source = new.source,
               price_version = new.price_version
          FROM unnest(charges, amounts, providers, sources, price_versions, usages, decisions)
               AS new (charge, cost, provider, source, price_version, usage)
         WHERE old.id = new.charge AND new.line IN ('settle', 'late', 'release', 'expire');
        DELETE FROM lease
         WHERE charge = ANY (ARRAY(
               SELECT given.charge FROM unnest(charges, decisions) AS given (charge)
                WHERE given.line IN ('settle', 'release', 'expire')));
    END IF;
    IF 'extend' = ANY (kinds) THEN
        UPDATE lease old
           SET deadline = now_is + new.lease_ms * interval '1 millisecond'
          FROM unnest(kinds, charges, leases_ms) AS new (kind, charge, lease_ms)
         WHERE old.charge = new.charge AND new.kind = 'extend';
    END IF;
    IF cardinality(changed) > 0 THEN
        INSERT INTO entry (
               wallet, version, charge, kind, d_available, d_held, d_spent, d_source, available_after, held_after,
               reference, created)
        SELECT given.wallet, given.version, given.charge, given.line, given.d_available, given.d_held, given.d_spent,
               -given.d_available - given.d_held - given.d_spent, given.available + given.extra, given.held,
               CASE given.line WHEN 'deposit' THEN given.request_id END, now_is
          FROM unnest(charges, request_ids, decisions) AS given (charge, request_id)
         WHERE given.line IS NOT NULL;
        IF extras THEN
            INSERT INTO entry (
                   wallet, version, charge, kind, d_available, d_held, d_spent, d_source, available_after, held_after, created)
            SELECT given.wallet, given.version + 1, given.charge, 'extra', -given.extra, 0, given.extra, 0, given.available,
                   given.held, now_is
              FROM unnest(charges, decisions) AS given (charge)
             WHERE given.extra > 0;
        END IF;
        UPDATE wallet old
           SET available = new.available, held = new.held, spent = new.funded - new.available - new.held,
               funded = new.funded, version = new.version
          FROM unnest(changed) new
         WHERE old.id = new.id;
    END IF;
    IF has_budgets THEN
        UPDATE budget old
           SET cap = new.cap, reserved = new.reserved, spent = new.spent
          FROM unnest(budget_rows) new
         WHERE (old.project, old.test, old.period) = (new.project, new.test, new.period)
           AND (old.cap, old.reserved, old.spent) IS DISTINCT FROM (new.cap, new.reserved, new.spent);
    END IF;

    RETURN QUERY SELECT d.code, d.amount, d.available FROM unnest(decisions) d;
END $$;

-- The laws of V3, and that everything refers to something. One snapshot sees both.
ALTER FUNCTION audit() RENAME TO audit_amounts;
CREATE FUNCTION audit() RETURNS SETOF text
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
    SELECT format('charge %s: %s, but its lease says otherwise', coalesce(c.id, l.charge), coalesce(c.state, 'none'))
      FROM (SELECT * FROM charge WHERE state = 'reserved') c
      FULL JOIN lease l ON l.charge = c.id
     WHERE c.id IS NULL OR l.charge IS NULL
$$;

REVOKE ALL ON FUNCTION audit() FROM PUBLIC;
