-- The books. What must never happen is forbidden here, by constraints and triggers, and not only avoided in the code
-- that writes. All amounts are whole micro-credits.

-- Money that is spent together. It leaves `available` for `held` and `held` for `spent`, and enters as `funded`.
CREATE TABLE wallet (
    id        text COLLATE "C" PRIMARY KEY CHECK (char_length(id) BETWEEN 1 AND 200),
    -- Null for a wallet that belongs to no account of ours: a program that embeds the ledger names its own.
    account   uuid    REFERENCES account,
    test      boolean NOT NULL DEFAULT false,
    available bigint  NOT NULL DEFAULT 0 CHECK (available >= 0),
    held      bigint  NOT NULL DEFAULT 0 CHECK (held >= 0),
    spent     bigint  NOT NULL DEFAULT 0 CHECK (spent >= 0),
    funded    bigint  NOT NULL DEFAULT 0 CHECK (funded >= 0),
    -- How many entries the wallet has.
    version   bigint  NOT NULL DEFAULT 0 CHECK (version >= 0),

    CONSTRAINT nothing_is_made_or_lost CHECK (funded = available + held + spent)
) WITH (fillfactor = 50); -- room on the page, so that an update needs no new index entries

CREATE UNIQUE INDEX wallet_account ON wallet (account, test) WHERE account IS NOT NULL;

-- One call that costs something: reserved -> settled | released | expired, and expired -> settled when its cost comes
-- late. The true cost of a settled charge is cost + extra + late + shortfall.
CREATE TABLE charge (
    id             uuid        PRIMARY KEY,
    request_id     text        NOT NULL,
    wallet         text        COLLATE "C" NOT NULL REFERENCES wallet,
    -- Text, and no foreign keys: a program that embeds the ledger has projects and keys of its own.
    project        text        NOT NULL,
    key            text        NOT NULL,
    model          text        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('reserved', 'settled', 'released', 'expired')),
    reserved       bigint      NOT NULL CHECK (reserved >= 0),
    cost           bigint      CHECK (cost BETWEEN 0 AND reserved),        -- taken from the hold
    extra          bigint      NOT NULL DEFAULT 0 CHECK (extra >= 0),      -- taken beyond the hold
    late           bigint      NOT NULL DEFAULT 0 CHECK (late >= 0),       -- taken after the hold had expired
    shortfall      bigint      NOT NULL DEFAULT 0 CHECK (shortfall >= 0),  -- could not be taken: the operator's loss
    provider       text,
    -- [{"unit", "quantity", "rate", "amount"}]: the arithmetic of the receipt.
    usage          jsonb,
    usage_source   text        CHECK (usage_source IN ('provider', 'measured', 'estimated')),
    price_version  text,
    -- The budget that the charge counts in, fixed when it was held: a month's end cannot lose it. Null if none.
    budget_project uuid,
    budget_month   text,
    -- When nobody answers for the hold any more, by this database's clock.
    deadline       timestamptz NOT NULL,
    created        timestamptz NOT NULL,
    closed         timestamptz,

    CONSTRAINT open_is_not_closed CHECK ((state = 'reserved') = (closed IS NULL)),
    CONSTRAINT settled_has_a_cost CHECK ((state = 'settled') = (cost IS NOT NULL)),
    CONSTRAINT settled_has_a_receipt CHECK (
        (state = 'settled') = (usage IS NOT NULL)
        AND (state = 'settled') = (usage_source IS NOT NULL)
        AND (state = 'settled') = (price_version IS NOT NULL)),
    CONSTRAINT only_settled_costs CHECK (state = 'settled' OR (extra = 0 AND late = 0 AND shortfall = 0)),
    CONSTRAINT late_takes_no_hold CHECK (late = 0 OR (cost = 0 AND extra = 0)),
    CONSTRAINT extra_is_beyond_the_hold CHECK (extra = 0 OR cost = reserved),
    CONSTRAINT budget_has_a_month CHECK ((budget_project IS NULL) = (budget_month IS NULL))
) WITH (fillfactor = 70);

CREATE INDEX charge_request ON charge (wallet, request_id);
CREATE INDEX charge_open ON charge (deadline) WHERE state = 'reserved';

-- The journal. Every line sums to zero, none is ever changed, and the balances are what the lines add up to.
CREATE TABLE entry (
    wallet          text        COLLATE "C" NOT NULL REFERENCES wallet,
    -- Numbers a wallet's entries 1, 2, 3 …: a writer that works from a stale balance collides instead of overwriting.
    version         bigint      NOT NULL CHECK (version > 0),
    charge          uuid        REFERENCES charge,
    kind            text        NOT NULL
                    CHECK (kind IN ('deposit', 'reserve', 'settle', 'extra', 'release', 'expire', 'late')),
    d_available     bigint      NOT NULL,
    d_held          bigint      NOT NULL,
    d_spent         bigint      NOT NULL,
    d_source        bigint      NOT NULL, -- the outside that money comes from
    available_after bigint      NOT NULL CHECK (available_after >= 0),
    held_after      bigint      NOT NULL CHECK (held_after >= 0),
    -- Names a deposit, so that it is made once.
    reference       text,
    created         timestamptz NOT NULL,

    PRIMARY KEY (wallet, version),
    CONSTRAINT once_per_charge_and_kind UNIQUE (charge, kind),
    CONSTRAINT balances CHECK (d_available + d_held + d_spent + d_source = 0),
    CONSTRAINT only_deposits_bring_money CHECK ((kind = 'deposit') = (charge IS NULL)),
    CONSTRAINT deposits_are_named CHECK ((kind = 'deposit') = (reference IS NOT NULL)),
    CONSTRAINT moves_as_its_kind CHECK (CASE kind
        WHEN 'deposit' THEN d_available >= 0 AND d_held = 0 AND d_spent = 0
        WHEN 'reserve' THEN d_available <= 0 AND d_spent = 0 AND d_source = 0
        WHEN 'settle' THEN d_available >= 0 AND d_held <= 0 AND d_spent >= 0 AND d_source = 0
        WHEN 'extra' THEN d_available < 0 AND d_held = 0 AND d_source = 0
        WHEN 'late' THEN d_available <= 0 AND d_held = 0 AND d_source = 0
        ELSE d_available >= 0 AND d_spent = 0 AND d_source = 0 -- release, expire
    END)
);

CREATE UNIQUE INDEX entry_deposit ON entry (wallet, reference) WHERE reference IS NOT NULL;
-- A second closing line of a charge cannot exist, whatever its kind.
CREATE UNIQUE INDEX entry_closes_once ON entry (charge) WHERE kind IN ('settle', 'release', 'expire');

-- What a project has held and spent, in all (period 'total') and in each month (period '2026-11', UTC). Both are kept for
-- every project that can have a cap, so that a cap set later counts what was spent before. Test money counts apart.
CREATE TABLE budget (
    project  uuid    NOT NULL REFERENCES project,
    test     boolean NOT NULL,
    period   text    NOT NULL CHECK (period = 'total' OR period ~ '^\d{4}-\d{2}$'),
    -- The project's cap as it was at the last hold, if it caps this period.
    cap      bigint  CHECK (cap >= 0),
    reserved bigint  NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    spent    bigint  NOT NULL DEFAULT 0 CHECK (spent >= 0),

    PRIMARY KEY (project, test, period)
) WITH (fillfactor = 50);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = TG_ARGV[0];
END $$;

CREATE TRIGGER entry_is_forever BEFORE UPDATE OR DELETE ON entry
    FOR EACH ROW EXECUTE FUNCTION refuse('an entry is never changed or deleted');
CREATE TRIGGER entry_is_not_truncated BEFORE TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('an entry is never changed or deleted');

CREATE TRIGGER wallet_starts_empty BEFORE INSERT ON wallet
    FOR EACH ROW WHEN (NEW.funded <> 0 OR NEW.version <> 0)
    EXECUTE FUNCTION refuse('a wallet starts empty: money enters by a deposit entry');
CREATE TRIGGER wallet_counts_its_entries BEFORE UPDATE ON wallet
    FOR EACH ROW WHEN (
        NEW.id <> OLD.id
        OR NEW.test <> OLD.test
        OR NEW.version < OLD.version
        OR (NEW.version = OLD.version
            AND (NEW.available, NEW.held, NEW.spent, NEW.funded) <> (OLD.available, OLD.held, OLD.spent, OLD.funded)))
    EXECUTE FUNCTION refuse('a balance changes only together with an entry');
CREATE TRIGGER wallet_is_forever BEFORE DELETE ON wallet
    FOR EACH ROW EXECUTE FUNCTION refuse('a wallet is never deleted');

CREATE TRIGGER charge_closes_once BEFORE UPDATE ON charge
    FOR EACH ROW WHEN (
        OLD.state <> 'reserved' AND NOT (OLD.state = 'expired' AND NEW.state = 'settled' AND NEW.cost = 0))
    EXECUTE FUNCTION refuse('a closed charge is never changed, except that an expired one is settled late');
CREATE TRIGGER charge_keeps_its_hold BEFORE UPDATE ON charge
    FOR EACH ROW WHEN (
        (NEW.id, NEW.request_id, NEW.wallet, NEW.project, NEW.key, NEW.model, NEW.reserved, NEW.created)
            <> (OLD.id, OLD.request_id, OLD.wallet, OLD.project, OLD.key, OLD.model, OLD.reserved, OLD.created)
        OR (NEW.budget_project, NEW.budget_month) IS DISTINCT FROM (OLD.budget_project, OLD.budget_month))
    EXECUTE FUNCTION refuse('what a charge was held for is never changed');
CREATE TRIGGER charge_is_forever BEFORE DELETE ON charge
    FOR EACH ROW EXECUTE FUNCTION refuse('a charge is never deleted');

-- A CHECK would stop an owner from lowering a cap below what is spent already; only to go up beyond a cap is wrong.
CREATE TRIGGER budget_starts_empty BEFORE INSERT ON budget
    FOR EACH ROW WHEN (NEW.reserved <> 0 OR NEW.spent <> 0)
    EXECUTE FUNCTION refuse('a budget starts empty');
CREATE TRIGGER budget_stays_within_its_cap BEFORE UPDATE ON budget
    FOR EACH ROW WHEN (
        NEW.reserved + NEW.spent > NEW.cap AND NEW.reserved + NEW.spent > OLD.reserved + OLD.spent)
    EXECUTE FUNCTION refuse('the spend cap of the project is exceeded');
