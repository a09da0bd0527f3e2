-- The tables of TableLedger. That nothing is made or lost and nothing below zero is the database's own law.
CREATE TABLE IF NOT EXISTS wallet (
    id        VARCHAR(200) PRIMARY KEY,
    available BIGINT DEFAULT 0 NOT NULL CHECK (available >= 0),
    held      BIGINT DEFAULT 0 NOT NULL CHECK (held >= 0),
    spent     BIGINT DEFAULT 0 NOT NULL CHECK (spent >= 0),
    funded    BIGINT DEFAULT 0 NOT NULL CHECK (funded >= 0),
    CONSTRAINT nothing_is_made_or_lost CHECK (funded = available + held + spent)
);

CREATE TABLE IF NOT EXISTS deposit (
    wallet    VARCHAR(200) NOT NULL REFERENCES wallet,
    reference VARCHAR(200) NOT NULL,
    PRIMARY KEY (wallet, reference)
);

CREATE TABLE IF NOT EXISTS charge (
    id            UUID PRIMARY KEY,
    number        BIGINT GENERATED ALWAYS AS IDENTITY,
    request_id    VARCHAR(200) NOT NULL,
    wallet        VARCHAR(200) NOT NULL REFERENCES wallet,
    project       VARCHAR(200) NOT NULL,
    api_key       VARCHAR(200) NOT NULL,
    model         VARCHAR(200) NOT NULL,
    provider      VARCHAR(200),
    state         VARCHAR(20)  NOT NULL,
    reserved      BIGINT       NOT NULL CHECK (reserved >= 0),
    charged       BIGINT DEFAULT 0 NOT NULL CHECK (charged >= 0),
    shortfall     BIGINT DEFAULT 0 NOT NULL CHECK (shortfall >= 0),
    quantities    VARCHAR(2000),
    source        VARCHAR(20),
    rates         VARCHAR(2000),
    price_version VARCHAR(200),
    created       TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    deadline      TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    closed        TIMESTAMP(9) WITH TIME ZONE
);

CREATE INDEX IF NOT EXISTS charge_by_request ON charge (wallet, request_id);
CREATE INDEX IF NOT EXISTS charge_by_deadline ON charge (state, deadline);
