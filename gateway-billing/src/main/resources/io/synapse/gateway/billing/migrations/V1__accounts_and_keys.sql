-- Who may spend: accounts, their projects, and the API keys of those projects.

CREATE TABLE account (
    id            uuid        PRIMARY KEY,
    email         text        NOT NULL CHECK (email = btrim(email) AND char_length(email) BETWEEN 3 AND 254),
    name          text        NOT NULL CHECK (char_length(name) <= 200),
    role          text        NOT NULL CHECK (role IN ('user', 'operator')),
    -- Argon2id as a PHC string; null for an account that nobody can sign in to.
    password_hash text,
    created       timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE UNIQUE INDEX account_email ON account (lower(email));

CREATE TABLE project (
    id             uuid        PRIMARY KEY,
    account        uuid        NOT NULL REFERENCES account,
    name           text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    is_default     boolean     NOT NULL DEFAULT false,
    -- Micro-credits that the project may spend, in all or in a calendar month (UTC).
    spend_cap      bigint      CHECK (spend_cap >= 0),
    cap_period     text        CHECK (cap_period IN ('total', 'month')),
    allowed_models text[],
    created        timestamptz NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT cap_has_a_period CHECK ((spend_cap IS NULL) = (cap_period IS NULL)),
    CONSTRAINT default_project_is_free CHECK (NOT is_default OR (spend_cap IS NULL AND allowed_models IS NULL))
);

CREATE INDEX project_account ON project (account);
CREATE UNIQUE INDEX project_one_default ON project (account) WHERE is_default;

CREATE TABLE api_key (
    id                  uuid        PRIMARY KEY,
    project             uuid        NOT NULL REFERENCES project,
    name                text        NOT NULL CHECK (char_length(name) <= 200),
    -- SHA-256 of the key. The key itself is stored nowhere.
    hash                bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    display             text        NOT NULL,
    test                boolean     NOT NULL,
    created             timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at          timestamptz,
    revoked_at          timestamptz,
    requests_per_minute integer     CHECK (requests_per_minute > 0)
);

CREATE INDEX api_key_project ON api_key (project);
