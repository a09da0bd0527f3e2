-- Calls that their callers named, and what those answered that succeeded. A program with restricted rights needs SELECT,
-- UPDATE and DELETE on this table, and EXECUTE on claim().

CREATE TABLE idempotency (
    project     text        COLLATE "C" NOT NULL,
    -- SHA-256 of the caller's key: of one length, whatever the caller chose.
    key         bytea       NOT NULL CHECK (octet_length(key) = 32),
    fingerprint text        NOT NULL,
    charge      uuid        NOT NULL,
    -- Names the asking that won the claim, so that asking again after a lost answer wins too.
    ticket      uuid        NOT NULL,
    -- The end of the lease while the call runs; after it, the end of the answer's time.
    until       timestamptz NOT NULL,
    -- Null while the call runs.
    status      integer,
    headers     text[], -- name, value, name, value, …
    body        bytea       CHECK (octet_length(body) <= 65536),
    -- What the store of media calls a body that is too large for here. With no body either, the answer is lost.
    stored_as   text,

    PRIMARY KEY (project, key),
    CONSTRAINT answer_is_whole CHECK ((status IS NULL) = (headers IS NULL)),
    CONSTRAINT only_answers_have_bodies CHECK (status IS NOT NULL OR (body IS NULL AND stored_as IS NULL)),
    CONSTRAINT one_body CHECK (body IS NULL OR stored_as IS NULL)
);

-- A body is looked at once in its life, if at all: not worth compressing.
ALTER TABLE idempotency ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE INDEX idempotency_running ON idempotency (charge) WHERE status IS NULL;
CREATE INDEX idempotency_until ON idempotency (until);

-- Asks to run a call: first | running | mismatch | finished | lost (charge). One who asks again with the same ticket is
-- told first again. The row's lock makes those who ask at once take turns, and it is taken before any of the ledger's.
CREATE FUNCTION claim(
    project_is text, key_is bytea, fingerprint_is text, charge_is uuid, ticket_is uuid, lease_ms bigint)
RETURNS TABLE (code text, charge uuid, status integer, headers text[], body bytea, stored_as text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET lock_timeout = '2s'
AS $$
#variable_conflict use_column
DECLARE
    known  idempotency;
    paid   text; -- the state of the charge of a claim that nobody answers for any more
    now_is timestamptz;
    taken  bigint;
BEGIN
    LOOP
        INSERT INTO idempotency AS new (project, key, fingerprint, charge, ticket, until)
        VALUES (project_is, key_is, fingerprint_is, charge_is, ticket_is,
                clock_timestamp() + lease_ms * interval '1 millisecond')
            ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN QUERY SELECT 'first', charge_is, null::integer, null::text[], null::bytea, null::text;
            RETURN;
        END IF;
        SELECT * INTO known FROM idempotency i WHERE i.project = project_is AND i.key = key_is FOR NO KEY UPDATE;
        -- It may have been abandoned since; then it is free.
        EXIT WHEN FOUND;
    END LOOP;
    now_is := clock_timestamp();

    IF known.status IS NULL AND known.until <= now_is THEN
        SELECT c.state INTO paid FROM charge c WHERE c.id = known.charge;
        IF paid = 'expired' THEN
            -- The call is about to be paid for again, so the cost of this one must not come in late: it is closed at zero.
            -- If its cost came just now, the ledger answers with that, and nothing is run again.
            SELECT a.amount INTO taken
              FROM apply(
                       ARRAY['settle'], ARRAY[known.charge], ARRAY[null::text], ARRAY[null::text], ARRAY[null::text],
                       ARRAY[null::text], ARRAY[null::text], ARRAY[0::bigint], ARRAY[null::bigint],
                       ARRAY[null::bigint], ARRAY[null::text], ARRAY['estimated'], ARRAY['none'], ARRAY['[]']) a;
            paid := CASE WHEN taken > 0 THEN 'settled' ELSE 'expired' END;
        END IF;
    END IF;

    code := CASE
        WHEN known.ticket = ticket_is THEN 'first'
        WHEN known.until <= now_is AND (known.status IS NOT NULL OR coalesce(paid NOT IN ('reserved', 'settled'), true))
            THEN 'free'
        WHEN known.fingerprint <> fingerprint_is THEN 'mismatch'
        WHEN known.status IS NOT NULL
            THEN CASE WHEN known.body IS NULL AND known.stored_as IS NULL THEN 'lost' ELSE 'finished' END
        WHEN known.until <= now_is AND paid = 'settled' THEN 'lost'
        ELSE 'running' END;

    IF code = 'free' THEN
        UPDATE idempotency i
           SET fingerprint = fingerprint_is, charge = charge_is, ticket = ticket_is,
               until = now_is + lease_ms * interval '1 millisecond',
               status = null, headers = null, body = null, stored_as = null
         WHERE i.project = project_is AND i.key = key_is;
        code := 'first';
    END IF;
    IF code IN ('finished', 'lost') THEN
        RETURN QUERY SELECT code, known.charge, known.status, known.headers, known.body, known.stored_as;
    ELSE
        RETURN QUERY SELECT code, known.charge, null::integer, null::text[], null::bytea, null::text;
    END IF;
END $$;

-- It runs with its owner's rights, so not everybody who can see the schema may call it.
REVOKE ALL ON FUNCTION claim(text, bytea, text, uuid, uuid, bigint) FROM PUBLIC;
