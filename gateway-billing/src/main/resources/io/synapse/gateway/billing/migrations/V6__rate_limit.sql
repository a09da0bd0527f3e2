-- What was admitted in the last 60 seconds, by key: one small row each, however high the limit. Not logged: a crash of the
-- database empties the table, and every key begins anew. A program with restricted rights needs EXECUTE on admit() and
-- forget_idle_keys() only.

CREATE UNLOGGED TABLE rate_limit (
    key    text     COLLATE "C" PRIMARY KEY,
    -- When, oldest first, in microseconds since 1970 by this database's clock; and how many then. One of a low limit
    -- stands for a single admission. One of a high limit stands for those of up to half a second, and is as late as the
    -- last of them: it leaves when all of them are 60 seconds old.
    times  bigint[]  NOT NULL,
    counts integer[] NOT NULL,
    -- The sum of counts.
    used   bigint    NOT NULL CHECK (used >= 0),

    CONSTRAINT a_count_for_each_time CHECK (cardinality(times) = cardinality(counts))
) WITH (fillfactor = 50); -- room on the page, so that an update needs no new index entry

-- Asks for one request. Refused ones change nothing. reset and wait are microseconds: until all that was admitted is 60
-- seconds old, and until one more can be admitted (0 if it could be now).
--
-- The time is read after the row's lock is taken, so it follows the order of admissions. at_micros stands in for it in
-- tests, and is null otherwise.
CREATE FUNCTION admit(key_is text, most integer, at_micros bigint)
RETURNS TABLE (admitted boolean, used bigint, reset bigint, wait bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET lock_timeout = '1s'
AS $$
#variable_conflict use_variable
DECLARE
    span   constant bigint := 60000000;
    -- Up to this limit every admission has a time of its own; above it they share one for this long.
    exact  constant integer := 120;
    grain  constant bigint := 500000;
    ts     bigint[];
    cs     integer[];
    now_is bigint;
    head   integer := 1;
    tail   integer;
    leave  bigint;
    set_back boolean;
BEGIN
    LOOP
        SELECT r.times, r.counts, r.used INTO ts, cs, used FROM rate_limit r WHERE r.key = key_is FOR NO KEY UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO rate_limit AS new VALUES (key_is, '{}', '{}', 0) ON CONFLICT DO NOTHING;
    END LOOP;
    now_is := coalesce(at_micros, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    tail := cardinality(ts);
    set_back := coalesce(ts[tail] > now_is, false);
    IF set_back THEN
        -- The clock was set back. What it says is to come has been, at the latest now.
        ts := ARRAY(SELECT least(t.at, now_is) FROM unnest(ts) WITH ORDINALITY t (at, n) ORDER BY t.n);
    END IF;
    WHILE head <= tail AND ts[head] <= now_is - span LOOP
        used := used - cs[head];
        head := head + 1;
    END LOOP;

    admitted := used < most;
    IF admitted THEN
        used := used + 1;
        IF most > exact AND head <= tail AND ts[tail] / grain = now_is / grain THEN
            ts[tail] := now_is;
            cs[tail] := cs[tail] + 1;
        ELSE
            tail := tail + 1;
            ts[tail] := now_is;
            cs[tail] := 1;
        END IF;
    END IF;
    IF admitted OR set_back THEN
        UPDATE rate_limit r
           SET times = ts[head:], counts = cs[head:], used = admit.used
         WHERE r.key = key_is;
    END IF;

    reset := ts[tail] + span - now_is;
    wait := 0;
    -- One more can be admitted once so many have left that there is room for it.
    leave := used - most + 1;
    WHILE leave > 0 LOOP
        leave := leave - cs[head];
        wait := ts[head] + span - now_is;
        head := head + 1;
    END LOOP;
    RETURN NEXT;
END $$;

-- Drops some rows of keys that had nothing admitted for 60 seconds, and answers how many.
CREATE FUNCTION forget_idle_keys(most integer, at_micros bigint) RETURNS bigint
LANGUAGE sql
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
AS $$
    WITH gone AS (
        DELETE FROM rate_limit
         WHERE key = ANY (ARRAY(
               SELECT key FROM rate_limit
                WHERE coalesce(times[cardinality(times)], 0)
                      <= coalesce(at_micros, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) - 60000000
                LIMIT most
                  FOR UPDATE SKIP LOCKED))
        RETURNING key)
    SELECT count(*) FROM gone
$$;

-- They run with their owner's rights, so not everybody who can see the schema may call them.
REVOKE ALL ON FUNCTION admit(text, integer, bigint), forget_idle_keys(integer, bigint) FROM PUBLIC;
