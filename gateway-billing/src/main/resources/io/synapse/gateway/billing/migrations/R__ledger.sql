-- The ledger's functions, as they are now: run anew by whoever finds them changed, after all migrations with a version.

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
-- Rows are locked in one order, wallets, then budgets, each by key: batches wait for each other and never in a circle. A
-- charge changes only under its wallet's lock. Each statement here sees what others committed before it (READ COMMITTED), so
-- what is read under a lock is true until the end.
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
    has_closings constant boolean := kinds && ARRAY['settle', 'release', 'expire', 'extend'];
    -- By the commands' places.
    decisions    decision[] := array_fill(null::decision, ARRAY[cardinality(kinds)]);
    -- The wallets as they are before, of all that there are, in order; and afterwards, of those that change.
    locked       wallet[];
    changed      wallet[] := '{}';

    closing_in   text[] := '{}';    -- the wallets of the charges to close or extend that there are
    twice        boolean;           -- whether some charge is named by more than one command
    has_budgets  boolean := false;
    capped       project[] := '{}'; -- the projects that can have a cap
    dead_keys    text[] := '{}';
    budget_keys  text[] := '{}';
    budget_rows  budget[] := '{}';  -- in the order of their keys
    this_month   text;
    deposited    text[] := '{}';
    extras       boolean := false;
    now_is       timestamptz;

    c            record;            -- the command, with its charge as it was
    wallet_at    int := 1;          -- the place of its wallet among those that are locked
    wallet_id    text;
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
    IF has_closings THEN
        SELECT coalesce(array_agg(ch.wallet), '{}'), coalesce(bool_or(ch.budget_project IS NOT NULL), false)
          INTO closing_in, has_budgets
          FROM unnest(kinds, charges) AS given (kind, charge)
          JOIN charge ch ON ch.id = given.charge
         WHERE given.kind IN ('settle', 'release', 'expire', 'extend');
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
    locked := ARRAY(
        SELECT row_ FROM wallet row_ WHERE row_.id = ANY (wallets || closing_in) ORDER BY row_.id FOR NO KEY UPDATE);

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

    twice := cardinality(kinds) > 1 AND (SELECT count(charge) > count(DISTINCT charge) FROM unnest(charges) charge);
    IF twice THEN
        -- Some charge is named twice, and what is decided first changes what is decided next. That is rare enough to be
        -- done command by command.
        FOR c IN
            SELECT given.n
              FROM unnest(kinds) WITH ORDINALITY AS given (kind, n)
             ORDER BY given.kind = 'hold', given.n
        LOOP
            decisions[c.n] := (
                SELECT ROW(null, null, null, null, null, null, null, one.available, null, one.code, one.amount, null, null, c.n)
                       ::decision
                  FROM apply(
                       kinds[c.n:c.n], charges[c.n:c.n], request_ids[c.n:c.n], wallets[c.n:c.n], projects[c.n:c.n],
                       keys[c.n:c.n], models[c.n:c.n], amounts[c.n:c.n], leasts[c.n:c.n], leases_ms[c.n:c.n],
                       providers[c.n:c.n], sources[c.n:c.n], price_versions[c.n:c.n], usages[c.n:c.n]) one);
        END LOOP;
        RETURN QUERY SELECT d.code, d.amount, d.available FROM unnest(decisions) d;
        RETURN;
    END IF;

    now_is := clock_timestamp();

    -- Wallet by wallet. What brings money back comes first, so that holds of the same batch can have it. What does not depend on
    -- what the others take is told by the query; the loop sees to the money.
    FOR c IN
        SELECT given.n, given.kind, given.project, given.request_id, given.amount, given.least,
               CASE WHEN given.kind IN ('hold', 'deposit') THEN given.wallet ELSE ch.wallet END COLLATE "C" AS wallet,
               ch.reserved, ch.cost + ch.extra + ch.late AS charged,
               ch.budget_project, ch.budget_month,
               CASE given.kind
                   WHEN 'hold' THEN CASE WHEN ch.id IS NULL AND NOT given.key = ANY (dead_keys) THEN 'reserve' END
                   WHEN 'deposit' THEN 'deposit'
                   ELSE CASE
                       WHEN ch.id IS NULL THEN null
                       WHEN ch.wallet <> ALL (closing_in) THEN 'unlocked'
                       WHEN given.kind = 'extend' THEN null
                       WHEN ch.state = 'expired' AND given.kind = 'settle' THEN 'late'
                       WHEN ch.state = 'reserved' THEN CASE
                           WHEN given.kind = 'settle' AND given.amount > ch.reserved THEN 'settle beyond'
                           WHEN given.kind <> 'expire'
                                OR ch.deadline < now_is THEN given.kind END
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
         ORDER BY wallet, given.kind = 'hold', given.n
    LOOP
        IF c.wallet IS DISTINCT FROM wallet_id THEN
            IF w.version > version_was THEN
                changed[cardinality(changed) + 1] := w;
            END IF;
            wallet_id := c.wallet;
            WHILE locked[wallet_at].id < wallet_id LOOP
                wallet_at := wallet_at + 1;
            END LOOP;
            w := CASE WHEN locked[wallet_at].id = wallet_id THEN locked[wallet_at] END;
            version_was := w.version;
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
                decisions[c.n] := ROW(
                    null, null, 0, 0, 0, 0, null, w.available, null, 'insufficient', null, null, null, c.n)::decision;
                CONTINUE;
            ELSIF room < c.least THEN
                decisions[c.n] := ROW(
                    null, null, 0, 0, 0, 0, null, w.available, null, 'budget', room, null, null, c.n)::decision;
                CONTINUE;
            END IF;
            d_held := least(c.amount, w.available, room);
            w.available := w.available - d_held;
            w.held := w.held + d_held;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, c.line, -d_held, d_held, 0, 0, w.version, w.available, w.held, c.code, d_held, project_is, month_is, c.n)
                ::decision;
        ELSIF c.line IN ('settle', 'release', 'expire') THEN
            d_spent := CASE c.line WHEN 'settle' THEN c.amount ELSE 0 END;
            w.available := w.available + c.reserved - d_spent;
            w.held := w.held - c.reserved;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, c.line, c.reserved - d_spent, -c.reserved, d_spent, 0, w.version, w.available, w.held,
                CASE c.line WHEN 'settle' THEN c.code ELSE c.line || 'd' END, d_spent, null, null, c.n)::decision;
        ELSIF c.line = 'settle beyond' THEN
            -- The cost takes the whole hold, so nothing of that comes back to available.
            extra := least(c.amount - c.reserved, w.available, room);
            extras := extras OR extra > 0;
            w.available := w.available - extra;
            w.held := w.held - c.reserved;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, 'settle', 0, -c.reserved, c.reserved, extra, w.version, w.available, w.held, c.code,
                c.reserved + extra, null, null, c.n)::decision;
            w.version := w.version + CASE WHEN extra > 0 THEN 1 ELSE 0 END;
        ELSIF c.line = 'late' THEN
            d_spent := least(c.amount, w.available, room);
            w.available := w.available - d_spent;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, c.line, -d_spent, 0, d_spent, 0, w.version, w.available, w.held, c.code, d_spent, null, null, c.n)
                ::decision;
        ELSIF c.line = 'deposit' AND NOT c.request_id = ANY (deposited)
              AND NOT EXISTS (SELECT FROM entry e WHERE e.wallet = w.id AND e.reference = c.request_id)
        THEN
            deposited := deposited || c.request_id;
            w.funded := w.funded + c.amount;
            w.available := w.available + c.amount;
            w.version := w.version + 1;
            decisions[c.n] := ROW(
                w.id, c.line, c.amount, 0, 0, 0, w.version, w.available, w.held, c.code, null, null, null, c.n)::decision;
        ELSIF c.line = 'unlocked' THEN
            -- The charge was committed after its wallet was looked up, so the wallet may not be locked.
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'the charge is just being made';
        ELSE
            decisions[c.n] := ROW(
                null, null, 0, 0, 0, 0, null, w.available, null, c.code,
                CASE c.kind WHEN 'hold' THEN c.reserved WHEN 'settle' THEN coalesce(c.charged, 0) END, null, null,
                c.n)::decision;
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

    IF has_holds THEN
        INSERT INTO charge (
               id, request_id, wallet, project, key, model, state, reserved, budget_project, budget_month, created,
               deadline)
        SELECT charges[d.n], request_ids[d.n], d.wallet, projects[d.n], keys[d.n], models[d.n], 'reserved', d.d_held,
               d.budget_project, d.budget_month, now_is, now_is + leases_ms[d.n] * interval '1 millisecond'
          FROM unnest(decisions) d
         WHERE d.line = 'reserve';
        INSERT INTO lease_end (at, charges)
        SELECT now_is + leases_ms[d.n] * interval '1 millisecond', array_agg(charges[d.n])
          FROM unnest(decisions) d
         WHERE d.line = 'reserve'
         GROUP BY leases_ms[d.n];
    END IF;
    IF has_closings THEN
        UPDATE charge old
           SET state = new.code, closed = now_is,
               cost = CASE new.line WHEN 'settle' THEN new.d_spent WHEN 'late' THEN 0 END,
               extra = new.extra,
               late = CASE new.line WHEN 'late' THEN new.d_spent ELSE 0 END,
               shortfall = CASE WHEN new.code = 'settled' THEN amounts[new.n] - new.amount ELSE 0 END,
               provider = providers[new.n], usage = usages[new.n]::jsonb, usage_source = sources[new.n],
               price_version = price_versions[new.n]
          FROM unnest(decisions) new
         WHERE old.id = charges[new.n] AND new.line IN ('settle', 'late', 'release', 'expire');
    END IF;
    IF 'extend' = ANY (kinds) THEN
        WITH extended AS (
            UPDATE charge old
               SET deadline = now_is + new.lease_ms * interval '1 millisecond'
              FROM unnest(kinds, charges, leases_ms) AS new (kind, charge, lease_ms)
             WHERE old.id = new.charge AND new.kind = 'extend' AND old.state = 'reserved'
            RETURNING old.id, old.deadline)
        INSERT INTO lease_end (at, charges) SELECT deadline, array_agg(id) FROM extended GROUP BY deadline;
    END IF;
    IF cardinality(changed) > 0 THEN
        INSERT INTO entry (
               wallet, version, charge, kind, d_available, d_held, d_spent, d_source, available_after, held_after,
               reference, created)
        SELECT d.wallet, d.version, charges[d.n], d.line, d.d_available, d.d_held, d.d_spent,
               -d.d_available - d.d_held - d.d_spent, d.available + d.extra, d.held,
               CASE d.line WHEN 'deposit' THEN request_ids[d.n] END, now_is
          FROM unnest(decisions) d
         WHERE d.line IS NOT NULL;
        IF extras THEN
            INSERT INTO entry (
                   wallet, version, charge, kind, d_available, d_held, d_spent, d_source, available_after, held_after, created)
            SELECT d.wallet, d.version + 1, charges[d.n], 'extra', -d.extra, 0, d.extra, 0, d.available, d.held, now_is
              FROM unnest(decisions) d
             WHERE d.extra > 0;
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

-- Closes holds that nobody answers for any more, and tells how many, and whether there may be more: it looks at no more than a
-- few batches' charges at once, so that wallets are locked only for a moment.
--
-- What it finds is only a candidate, read without a lock; apply() locks wallets first, as everybody does, and looks again.
-- Several nodes may do this at once: each takes rows of lease_end that no other works on.
CREATE OR REPLACE FUNCTION expire(OUT closed int, OUT more boolean)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    rows_at_once  constant int := 100;
    holds_at_once constant int := 200;
    looked        tid[];
    overdue       uuid[];
BEGIN
    WITH over AS (
        SELECT l.ctid, l.charges FROM lease_end l WHERE l.at < clock_timestamp()
         ORDER BY l.at LIMIT rows_at_once FOR UPDATE SKIP LOCKED)
    SELECT ARRAY(SELECT o.ctid FROM over o),
           ARRAY(SELECT c.id FROM charge c
                  WHERE c.id IN (SELECT unnest(o.charges) FROM over o)
                    AND c.state = 'reserved' AND c.deadline < clock_timestamp()
                  LIMIT holds_at_once)
      INTO looked, overdue;
    closed := 0;
    IF cardinality(overdue) > 0 THEN
        DECLARE
            none constant text[] := array_fill(null::text, ARRAY[cardinality(overdue)]);
        BEGIN
            SELECT count(*) FILTER (WHERE a.code = 'expired')
              INTO closed
              FROM apply(
                   array_fill('expire'::text, ARRAY[cardinality(overdue)]), overdue, none, none, none, none, none,
                   none::bigint[], none::bigint[], none::bigint[], none, none, none, none) a;
        END;
    END IF;
    -- A charge that was extended meanwhile has another row.
    IF cardinality(overdue) < holds_at_once THEN
        DELETE FROM lease_end WHERE ctid = ANY (looked);
    END IF;
    more := cardinality(looked) = rows_at_once OR cardinality(overdue) = holds_at_once;
END $$;

-- These run with their owner's rights, so not everybody who can see the schema may call them.
REVOKE ALL ON FUNCTION
    apply(text[], uuid[], text[], text[], text[], text[], text[], bigint[], bigint[], bigint[],
          text[], text[], text[], text[]),
    expire()
FROM PUBLIC;
