-- What people and operators do beside spending: sessions, top-up codes, switches, reports, and the log of all that. A
-- program with the rights that V3 names needs besides:
--   GRANT INSERT, UPDATE, DELETE ON session, login_attempts, model_switch; GRANT INSERT, UPDATE ON top_up_code;
--   GRANT INSERT (id, actor, address, request_id, action, target, detail) ON audit_event.

-- A deleted project keeps its row: what was spent in it stays on the books, and calls that run still settle.
ALTER TABLE project
    ADD COLUMN deleted timestamptz,
    ADD CONSTRAINT default_project_stays CHECK (NOT is_default OR deleted IS NULL);

-- Reports ask for an account's charges by time, the newest first.
CREATE INDEX charge_time ON charge (wallet, created DESC, id DESC);

-- Operators read accounts, the newest first.
CREATE INDEX account_created ON account (created DESC, id DESC);

-- Who is signed in. The browser holds a random id, and only its hash is here.
CREATE TABLE session (
    hash      bytea       PRIMARY KEY CHECK (octet_length(hash) = 32),
    account   uuid        NOT NULL REFERENCES account,
    created   timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_used timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX session_account ON session (account);
CREATE INDEX session_last_used ON session (last_used);

-- When somebody tried to sign in to an account, or from an address, and did not succeed. One row each, so that its lock
-- makes those wait who try at the same time.
CREATE TABLE login_attempts (
    subject text          PRIMARY KEY CHECK (char_length(subject) <= 100),
    times   timestamptz[] NOT NULL,
    latest  timestamptz   NOT NULL
);

CREATE INDEX login_attempts_latest ON login_attempts (latest);

-- Credits for whoever brings the code. The code itself is stored nowhere.
CREATE TABLE top_up_code (
    id          uuid        PRIMARY KEY,
    hash        bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    credits     bigint      NOT NULL CHECK (credits > 0),
    created     timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at  timestamptz,
    redeemed_at timestamptz,
    redeemed_by uuid        REFERENCES account,
    -- Names the attempt that redeemed it, so that the same attempt may be sent again.
    redemption  uuid,

    CONSTRAINT redeemed_by_somebody CHECK (
        (redeemed_at IS NULL) = (redeemed_by IS NULL) AND (redeemed_at IS NULL) = (redemption IS NULL))
);

CREATE TRIGGER top_up_code_is_used_once BEFORE UPDATE ON top_up_code
    FOR EACH ROW WHEN (
        OLD.redeemed_at IS NOT NULL
        OR (NEW.id, NEW.hash, NEW.credits) <> (OLD.id, OLD.hash, OLD.credits)
        OR NEW.expires_at IS DISTINCT FROM OLD.expires_at)
    EXECUTE FUNCTION refuse('a code is redeemed once, and otherwise never changed');

-- The models that an operator switched off.
CREATE TABLE model_switch (
    model text        PRIMARY KEY CHECK (char_length(model) BETWEEN 1 AND 300),
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Who changed what, when and from where. Each line carries the hash of the line before it, so that none can be changed
-- or taken out later without breaking all that follow.
CREATE TABLE audit_event (
    number     bigint      PRIMARY KEY CHECK (number > 0),
    id         uuid        NOT NULL UNIQUE,
    at         timestamptz NOT NULL,
    -- Null where the program acted by itself, such as at its first start.
    actor      uuid        REFERENCES account,
    address    text,
    request_id text,
    action     text        NOT NULL CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    target     text        NOT NULL,
    detail     text        NOT NULL,
    previous   bytea       NOT NULL CHECK (octet_length(previous) = 32),
    hash       bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32)
);

-- The last line's number and hash: whoever cuts off the end of the log has to change this too.
CREATE TABLE audit_head (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    number bigint  NOT NULL,
    hash   bytea   NOT NULL CHECK (octet_length(hash) = 32)
);

INSERT INTO audit_head (number, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- What a line's hash is made of: the previous hash, then every field as its length in bytes, a colon and its text ('-'
-- for none), the time as microseconds since 1970. No two lines look the same.
CREATE FUNCTION audit_bytes(e audit_event) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT e.previous || convert_to(string_agg(
               coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field, '-'), ',' ORDER BY n), 'UTF8')
      FROM unnest(ARRAY[
               e.number::text, e.id::text, ((extract(epoch FROM e.at) * 1000000)::bigint)::text, e.actor::text, e.address,
               e.request_id, e.action, e.target, e.detail]) WITH ORDINALITY AS fields (field, n)
$$;

-- Numbers and chains a new line; its writer says neither number nor time nor hash. One line at a time: the head's lock
-- is held until the writer commits.
CREATE FUNCTION chain_audit_event() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
AS $$
BEGIN
    SELECT head.number + 1, head.hash INTO STRICT NEW.number, NEW.previous FROM audit_head head FOR UPDATE;
    IF EXISTS (SELECT FROM audit_event e WHERE e.id = NEW.id) THEN
        RETURN NULL; -- sent again because the answer was lost
    END IF;
    NEW.at := clock_timestamp();
    NEW.hash := sha256(audit_bytes(NEW));
    UPDATE audit_head SET number = NEW.number, hash = NEW.hash;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_event_is_chained BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION chain_audit_event();
CREATE TRIGGER audit_event_is_forever BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse('the audit log is never changed or deleted');
CREATE TRIGGER audit_event_is_not_truncated BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('the audit log is never changed or deleted');
CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (NEW.number <> OLD.number + 1)
    EXECUTE FUNCTION refuse('the audit log only grows');
CREATE TRIGGER audit_head_is_forever BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION refuse('the audit log only grows');

-- Recomputes the chain; one line per breach.
CREATE FUNCTION verify_audit() RETURNS SETOF text
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = ${flyway:defaultSchema}, pg_temp
AS $$
    SELECT format('line %s does not follow from the line before it', number)
      FROM (SELECT *, lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER w AS hash_before,
                   lag(number, 1, 0::bigint) OVER w AS number_before
              FROM audit_event WINDOW w AS (ORDER BY number)) e
     WHERE previous <> hash_before OR number <> number_before + 1

    UNION ALL
    SELECT format('line %s is not what its hash was made of', e.number)
      FROM audit_event e
     WHERE e.hash <> sha256(audit_bytes(e))

    UNION ALL
    SELECT format('the log ends with line %s, but its head says %s', coalesce(last.number, 0), head.number)
      FROM audit_head head
      LEFT JOIN (SELECT number, hash FROM audit_event ORDER BY number DESC LIMIT 1) last ON true
     WHERE head.number <> coalesce(last.number, 0) OR (last.hash IS NOT NULL AND head.hash <> last.hash)
$$;

REVOKE ALL ON FUNCTION chain_audit_event(), verify_audit() FROM PUBLIC;
