-- The one way into the books. A program that should be able to spend but not to rewrite history gets, besides SELECT:
--   GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA …; GRANT INSERT (id, account, test) ON wallet;
--   GRANT INSERT, UPDATE ON account, project, api_key;
-- and no other right on wallet, charge, entry and budget: apply() runs with its owner's rights.

-- An id of ours, or null for anybody else's.
CREATE FUNCTION as_uuid(id text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN id::uuid END
$$;

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
-- Rows are locked in one order, wallets, budgets, charges, each by key: batches wait for each other and never in a
-- circle. Each statement here sees what others committed before it (READ COMMITTED), so what is read under a lock is
-- true until the end.
--
-- Plans: every statement finds its rows by key, however many there are. Told so, PostgreSQL plans each once per connection
-- and cannot settle on reading whole tables because they were empty when it did; to plan anew for each call would cost
-- more than the call.
CREATE FUNCTION apply(
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
SET lock_timeout = '2s'
AS $$
#variable_conflict use_variable
DECLARE
    -- The rows that the batch works on, and their keys in the same order.
    wallet_ids   text[];
    wallet_rows  wallet[];
    budget_keys  text[] := '{}';
    budget_rows  budget[] := '{}';
    charge_ids   uuid[];
    charge_rows  charge[];
    known        int;      -- as many of charge_rows were in the table before
    lines        entry[] := '{}';
    capped       project[];
    dead_keys    uuid[];

    codes        text[] := array_fill(null::text, ARRAY[cardinality(kinds)]);
    answers      bigint[] := array_fill(null::bigint, ARRAY[cardinality(kinds)]);
    availables   bigint[] := array_fill(null::bigint, ARRAY[cardinality(kinds)]);

    this_month   text := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM');
    has_budgets  boolean;
    command      record;
    w            wallet;
    c            charge;
    p            project;
    line         entry;
    w_at         int;
    c_at         int;
    total_at     int;
    month_at     int;
    room         bigint;   -- what the project's cap still allows
    extra        bigint;
    now_is       timestamptz;
    unlimited    constant bigint := 9223372036854775807;
BEGIN
    -- Wallets. A charge never changes its wallet or budget, so those may be read before anything is locked.
    SELECT coalesce(array_agg(DISTINCT ch.wallet), '{}'), coalesce(bool_or(ch.budget_project IS NOT NULL), false)
      INTO wallet_ids, has_budgets
      FROM unnest(kinds, charges) AS given (kind, charge)
      JOIN charge ch ON ch.id = given.charge
     WHERE given.kind <> 'extend';
    wallet_ids := wallet_ids || wallets;
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
    wallet_rows := ARRAY(
        SELECT row_ FROM wallet row_ WHERE row_.id = ANY (wallet_ids) ORDER BY row_.id FOR NO KEY UPDATE);
    wallet_ids := ARRAY(SELECT r.id FROM unnest(wallet_rows) WITH ORDINALITY r ORDER BY r.ordinality);

    -- Budgets, of the projects that can have a cap.
    capped := ARRAY(
        SELECT row_ FROM project row_
         WHERE row_.id = ANY (ARRAY(SELECT as_uuid(id) FROM unnest(projects) id)) AND NOT row_.is_default);
    IF has_budgets OR cardinality(capped) > 0 THEN
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
                  JOIN unnest(wallet_rows) wal ON wal.id = b.wallet);
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

    -- Charges.
    charge_rows := ARRAY(
        SELECT row_ FROM charge row_ WHERE row_.id = ANY (charges) ORDER BY row_.id FOR NO KEY UPDATE);
    charge_ids := ARRAY(SELECT r.id FROM unnest(charge_rows) WITH ORDINALITY r ORDER BY r.ordinality);
    known := cardinality(charge_ids);

    dead_keys := ARRAY(
        SELECT k.id FROM api_key k
         WHERE k.id = ANY (ARRAY(SELECT as_uuid(id) FROM unnest(keys) id))
           AND (k.revoked_at IS NOT NULL OR k.expires_at <= clock_timestamp()));
    now_is := clock_timestamp();

    -- What brings money back comes first, so that holds of the same batch can have it.
    FOR command IN
        SELECT *
          FROM unnest(
                   kinds, charges, request_ids, wallets, projects, keys, models, amounts, leasts, leases_ms,
                   providers, sources, price_versions, usages)
               WITH ORDINALITY AS given (
                   kind, charge, request_id, wallet, project, key, model, amount, least, lease_ms,
                   provider, source, price_version, usage, n)
         ORDER BY given.kind = 'hold', given.n
    LOOP
        c := null;
        w := null;
        line := null;
        extra := 0;
        room := unlimited;
        total_at := null;
        month_at := null;

        c_at := array_position(charge_ids, command.charge);
        IF c_at IS NOT NULL THEN
            c := charge_rows[c_at];
        ELSIF command.kind NOT IN ('hold', 'deposit') THEN
            codes[command.n] := 'unknown';
            CONTINUE;
        END IF;

        IF command.kind = 'extend' THEN
            IF c.state = 'reserved' THEN
                c.deadline := now_is + command.lease_ms * interval '1 millisecond';
                charge_rows[c_at] := c;
            END IF;
            codes[command.n] := c.state;
            CONTINUE;
        END IF;

        w_at := array_position(wallet_ids, coalesce(c.wallet, command.wallet));
        IF w_at IS NULL AND c_at IS NOT NULL THEN
            -- The charge was committed after its wallet was looked up, so the wallet is not locked.
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'the charge is just being made';
        ELSIF w_at IS NOT NULL THEN
            w := wallet_rows[w_at];
        END IF;

        IF command.kind = 'hold' AND c_at IS NULL THEN
            SELECT pr.* INTO p FROM unnest(capped) pr WHERE pr.id = as_uuid(command.project);
            c.budget_project := p.id;
            c.budget_month := CASE WHEN p.id IS NOT NULL THEN this_month END;
        END IF;
        IF c.budget_project IS NOT NULL AND w_at IS NOT NULL THEN
            total_at := array_position(budget_keys, c.budget_project || '/' || w.test || '/total');
            month_at := array_position(budget_keys, c.budget_project || '/' || w.test || '/' || c.budget_month);
            room := greatest(0, least(
                budget_rows[total_at].cap - budget_rows[total_at].reserved - budget_rows[total_at].spent,
                budget_rows[month_at].cap - budget_rows[month_at].reserved - budget_rows[month_at].spent,
                unlimited));
        END IF;

        CASE command.kind
        WHEN 'deposit' THEN
            codes[command.n] := 'deposited';
            IF NOT EXISTS (
                SELECT FROM entry e WHERE e.wallet = w.id AND e.reference = command.request_id
                 UNION ALL
                SELECT FROM unnest(lines) e WHERE e.wallet = w.id AND e.reference = command.request_id)
            THEN
                w.funded := w.funded + command.amount;
                line.kind := 'deposit';
                line.reference := command.request_id;
                line.d_source := -command.amount;
                line.d_available := command.amount;
                line.d_held := 0;
                line.d_spent := 0;
            END IF;

        WHEN 'hold' THEN
            IF c_at IS NOT NULL THEN
                codes[command.n] := CASE
                    WHEN (c.wallet, c.request_id) <> (command.wallet, command.request_id) THEN 'conflict'
                    WHEN c.state = 'reserved' THEN 'held'
                    ELSE 'closed' END;
                answers[command.n] := c.reserved;
            ELSIF as_uuid(command.key) = ANY (dead_keys) THEN
                codes[command.n] := 'key_inactive';
            ELSIF w_at IS NULL OR w.available < command.least THEN
                codes[command.n] := 'insufficient';
            ELSIF room < command.least THEN
                codes[command.n] := 'budget';
                answers[command.n] := room;
            ELSE
                codes[command.n] := 'held';
                c.id := command.charge;
                c.request_id := command.request_id;
                c.wallet := command.wallet;
                c.project := command.project;
                c.key := command.key;
                c.model := command.model;
                c.state := 'reserved';
                c.reserved := least(command.amount, w.available, room);
                c.extra := 0;
                c.late := 0;
                c.shortfall := 0;
                c.created := now_is;
                c.deadline := now_is + command.lease_ms * interval '1 millisecond';
                answers[command.n] := c.reserved;
                line.kind := 'reserve';
                line.d_available := -c.reserved;
                line.d_held := c.reserved;
                line.d_spent := 0;
                c_at := cardinality(charge_ids) + 1;
                charge_ids[c_at] := c.id;
            END IF;

        WHEN 'settle' THEN
            IF c.state IN ('reserved', 'expired') THEN
                IF c.state = 'reserved' THEN
                    c.cost := least(command.amount, c.reserved);
                    line.kind := 'settle';
                    line.d_available := c.reserved - c.cost;
                    line.d_held := -c.reserved;
                    line.d_spent := c.cost;
                    -- Above zero only if the cost took the whole hold, so nothing of it came back to available.
                    extra := least(command.amount - c.cost, w.available, room);
                    IF command.amount = c.cost THEN
                        extra := 0;
                    END IF;
                    c.extra := extra;
                ELSE
                    c.cost := 0;
                    c.late := least(command.amount, w.available, room);
                    line.kind := 'late';
                    line.d_available := -c.late;
                    line.d_held := 0;
                    line.d_spent := c.late;
                END IF;
                c.shortfall := command.amount - c.cost - c.extra - c.late;
                c.state := 'settled';
                c.provider := command.provider;
                c.usage := command.usage::jsonb;
                c.usage_source := command.source;
                c.price_version := command.price_version;
                c.closed := now_is;
            END IF;
            codes[command.n] := c.state;
            answers[command.n] := coalesce(c.cost, 0) + c.extra + c.late;

        WHEN 'release', 'expire' THEN
            IF c.state = 'reserved' AND (command.kind = 'release' OR c.deadline < now_is) THEN
                c.state := command.kind || 'd';
                c.closed := now_is;
                line.kind := command.kind;
                line.d_available := c.reserved;
                line.d_held := -c.reserved;
                line.d_spent := 0;
                codes[command.n] := c.state;
            ELSE
                codes[command.n] := CASE WHEN command.kind = 'expire' THEN 'unchanged' ELSE c.state END;
            END IF;
        END CASE;

        -- The books follow the line: the journal, the wallet's balance, the project's budgets.
        IF line.kind IS NOT NULL THEN
            FOR pass IN 1 .. CASE WHEN extra > 0 THEN 2 ELSE 1 END LOOP
                IF pass = 2 THEN
                    line.kind := 'extra';
                    line.d_available := -extra;
                    line.d_held := 0;
                    line.d_spent := extra;
                END IF;
                w.available := w.available + line.d_available;
                w.held := w.held + line.d_held;
                w.spent := w.spent + line.d_spent;
                w.version := w.version + 1;
                line.wallet := w.id;
                line.version := w.version;
                line.charge := c.id;
                line.d_source := coalesce(line.d_source, 0);
                line.available_after := w.available;
                line.held_after := w.held;
                line.created := now_is;
                lines[cardinality(lines) + 1] := line;
                IF total_at IS NOT NULL THEN
                    budget_rows[total_at].reserved := budget_rows[total_at].reserved + line.d_held;
                    budget_rows[total_at].spent := budget_rows[total_at].spent + line.d_spent;
                    budget_rows[month_at].reserved := budget_rows[month_at].reserved + line.d_held;
                    budget_rows[month_at].spent := budget_rows[month_at].spent + line.d_spent;
                END IF;
            END LOOP;
            wallet_rows[w_at] := w;
            IF c_at IS NOT NULL THEN
                charge_rows[c_at] := c;
            END IF;
        END IF;
        availables[command.n] := coalesce(w.available, 0);
    END LOOP;

    IF cardinality(charge_rows) > known THEN
        INSERT INTO charge SELECT new.* FROM unnest(charge_rows[known + 1:]) new;
    END IF;
    IF known > 0 THEN
        UPDATE charge old
           SET state = new.state, cost = new.cost, extra = new.extra, late = new.late, shortfall = new.shortfall,
               provider = new.provider, usage = new.usage, usage_source = new.usage_source,
               price_version = new.price_version, deadline = new.deadline, closed = new.closed
          FROM unnest(charge_rows[:known]) new
         WHERE old.id = new.id AND (old.state, old.deadline) <> (new.state, new.deadline);
    END IF;
    IF cardinality(lines) > 0 THEN
        INSERT INTO entry SELECT new.* FROM unnest(lines) new;
        UPDATE wallet old
           SET available = new.available, held = new.held, spent = new.spent, funded = new.funded, version = new.version
          FROM unnest(wallet_rows) new
         WHERE old.id = new.id AND old.version <> new.version;
    END IF;
    IF cardinality(budget_rows) > 0 THEN
        UPDATE budget old
           SET cap = new.cap, reserved = new.reserved, spent = new.spent
          FROM unnest(budget_rows) new
         WHERE (old.project, old.test, old.period) = (new.project, new.test, new.period)
           AND (old.cap, old.reserved, old.spent) IS DISTINCT FROM (new.cap, new.reserved, new.spent);
    END IF;

    RETURN QUERY SELECT * FROM unnest(codes, answers, availables);
END $$;

-- Recomputes every law of the books from the entries; one line per breach. Reads everything, in one snapshot.
CREATE FUNCTION audit() RETURNS SETOF text
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
AS $$
    SELECT format('wallet %s: funded %s is not available %s + held %s + spent %s, each zero or more',
                  id, funded, available, held, spent)
      FROM wallet
     WHERE funded <> available + held + spent OR least(funded, available, held, spent) < 0

    UNION ALL
    SELECT format('wallet %s: available %s, held %s, spent %s, funded %s after %s entries, but its entries say '
                  '%s, %s, %s, %s after %s, the last numbered %s',
                  w.id, w.available, w.held, w.spent, w.funded, w.version,
                  coalesce(e.available, 0), coalesce(e.held, 0), coalesce(e.spent, 0), coalesce(e.funded, 0),
                  coalesce(e.lines, 0), coalesce(e.last, 0))
      FROM wallet w
      LEFT JOIN (SELECT wallet, sum(d_available) AS available, sum(d_held) AS held, sum(d_spent) AS spent,
                        -sum(d_source) AS funded, count(*) AS lines, max(version) AS last
                   FROM entry GROUP BY wallet) e ON e.wallet = w.id
     WHERE (w.available, w.held, w.spent, w.funded, w.version, w.version)
        <> (coalesce(e.available, 0), coalesce(e.held, 0), coalesce(e.spent, 0), coalesce(e.funded, 0),
            coalesce(e.lines, 0), coalesce(e.last, 0))

    UNION ALL
    SELECT format('entry %s of wallet %s: %s available and %s held do not follow from the entry before it',
                  version, wallet, available_after, held_after)
      FROM (SELECT *, lag(available_after, 1, 0::bigint) OVER before AS available_before,
                   lag(held_after, 1, 0::bigint) OVER before AS held_before
              FROM entry
            WINDOW before AS (PARTITION BY wallet ORDER BY version)) e
     WHERE available_after <> available_before + d_available
        OR held_after <> held_before + d_held
        OR d_available + d_held + d_spent + d_source <> 0

    UNION ALL
    SELECT format('wallet %s: held %s and spent %s, but its charges hold %s and spent %s',
                  w.id, w.held, w.spent, coalesce(c.held, 0), coalesce(c.spent, 0))
      FROM wallet w
      LEFT JOIN (SELECT wallet, coalesce(sum(reserved) FILTER (WHERE state = 'reserved'), 0) AS held,
                        sum(coalesce(cost, 0) + extra + late) AS spent
                   FROM charge GROUP BY wallet) c ON c.wallet = w.id
     WHERE (w.held, w.spent) <> (coalesce(c.held, 0), coalesce(c.spent, 0))

    UNION ALL
    SELECT format('charge %s: %s, with entries %s', c.id, c.state, coalesce(e.kinds, 'none'))
      FROM charge c
      LEFT JOIN (SELECT charge, string_agg(kind, ', ' ORDER BY version) AS kinds,
                        count(*) FILTER (WHERE kind = 'reserve') AS opened,
                        count(*) FILTER (WHERE kind IN ('settle', 'release', 'expire')) AS closed,
                        coalesce(sum(d_held) FILTER (WHERE kind = 'reserve'), 0) AS reserved,
                        sum(d_held) AS held, sum(d_spent) AS spent,
                        bool_or(kind = 'settle') AS settled, bool_or(kind = 'release') AS released,
                        bool_or(kind = 'expire') AS expired, bool_or(kind = 'late') AS late
                   FROM entry WHERE charge IS NOT NULL GROUP BY charge) e ON e.charge = c.id
     WHERE e.charge IS NULL
        OR e.opened <> 1
        OR e.reserved <> c.reserved
        OR e.held <> CASE c.state WHEN 'reserved' THEN c.reserved ELSE 0 END
        OR e.spent <> coalesce(c.cost, 0) + c.extra + c.late
        OR e.closed <> CASE c.state WHEN 'reserved' THEN 0 ELSE 1 END
        OR NOT CASE c.state
               WHEN 'reserved' THEN NOT e.late
               WHEN 'settled' THEN e.settled <> (e.expired AND e.late)
               WHEN 'released' THEN e.released AND NOT e.late
               ELSE e.expired AND NOT e.late END

    UNION ALL
    SELECT format('charge %s: its lines add up to %s, but it cost %s', c.id, u.amount,
                  c.cost + c.extra + c.late + c.shortfall)
      FROM charge c
     CROSS JOIN LATERAL (SELECT coalesce(sum((l ->> 'amount')::bigint), 0) AS amount
                           FROM jsonb_array_elements(c.usage) l) u
     WHERE c.state = 'settled' AND u.amount <> c.cost + c.extra + c.late + c.shortfall

    UNION ALL
    SELECT format('project %s in %s (test: %s): %s held and %s spent, but its charges hold %s and spent %s',
                  b.project, b.period, b.test, b.reserved, b.spent, coalesce(c.held, 0), coalesce(c.spent, 0))
      FROM budget b
      LEFT JOIN (SELECT ch.budget_project AS project, w.test, period,
                        coalesce(sum(ch.reserved) FILTER (WHERE ch.state = 'reserved'), 0) AS held,
                        sum(coalesce(ch.cost, 0) + ch.extra + ch.late) AS spent
                   FROM charge ch
                   JOIN wallet w ON w.id = ch.wallet
                  CROSS JOIN unnest(ARRAY['total', ch.budget_month]) period
                  WHERE ch.budget_project IS NOT NULL
                  GROUP BY 1, 2, 3) c
        ON (c.project, c.test, c.period) = (b.project, b.test, b.period)
     WHERE (b.reserved, b.spent) <> (coalesce(c.held, 0), coalesce(c.spent, 0))
$$;

-- These run with their owner's rights, so not everybody who can see the schema may call them.
REVOKE ALL ON FUNCTION
    apply(text[], uuid[], text[], text[], text[], text[], text[], bigint[], bigint[], bigint[],
          text[], text[], text[], text[]),
    audit()
    FROM PUBLIC;
