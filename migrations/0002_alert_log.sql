-- The alert log: gapless and in commit order, because the sequence is taken under the head's row lock in the same
-- transaction (a sequence object is neither: its numbers are taken before commit).
CREATE TABLE alert_head (
  country text PRIMARY KEY,
  epoch   bigint NOT NULL,
  seq     bigint NOT NULL DEFAULT 0
);

CREATE TABLE alert_log (
  country    text NOT NULL,
  epoch      bigint NOT NULL,
  seq        bigint NOT NULL,
  zone_id    text NOT NULL,
  alert_id   text NOT NULL,
  rev        integer NOT NULL,
  ended      boolean NOT NULL,
  source     text NOT NULL,
  message_id text NOT NULL,
  alert      bytea NOT NULL,               -- siren.alerts.v1.Alert
  logged_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (country, epoch, seq),
  UNIQUE (source, message_id),             -- a trigger sent twice is logged once
  UNIQUE (alert_id, rev)
);

-- The newest entry of every zone, ended or not: what a gateway needs to start, in one query.
CREATE TABLE alert_state (
  country  text NOT NULL,
  zone_id  text NOT NULL,
  epoch    bigint NOT NULL,
  seq      bigint NOT NULL,
  alert_id text NOT NULL,
  rev      integer NOT NULL,
  ended    boolean NOT NULL,
  alert    bytea NOT NULL,
  PRIMARY KEY (country, zone_id)
);

CREATE TABLE alert_audit (
  audit_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  country   text NOT NULL,
  epoch     bigint NOT NULL,
  seq       bigint NOT NULL,
  actor     text NOT NULL,                 -- "analysis", an official source, or an operator's name
  act       text NOT NULL,                 -- "raise", "change", "end"
  trace_id  text NOT NULL,
  because   text NOT NULL,
  acted_at  timestamptz NOT NULL DEFAULT now()
);

-- Entries not yet handed to the bus. The publisher deletes what it has published.
CREATE TABLE alert_outbox (
  country text NOT NULL,
  epoch   bigint NOT NULL,
  seq     bigint NOT NULL,
  PRIMARY KEY (country, epoch, seq)
);

-- zone_engine's sign of life and how much it sees; read together with the head, so that calm is never shown on a dead engine.
CREATE TABLE engine_beat (
  country  text PRIMARY KEY,
  beat_at  timestamptz NOT NULL,
  picture  smallint NOT NULL               -- siren.alerts.v1.PictureState
);

-- Operators' orders by request_id: sent again, they give the first answer again.
CREATE TABLE alarm_request (
  request_id text PRIMARY KEY,
  epoch      bigint NOT NULL,
  seq        bigint NOT NULL,
  alert      bytea NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT now()
);
