-- The record: who did what, and what was told to whom. Append-only, and each row carries a hash over itself and the row
-- before, so that one that was changed, taken out or put in between is found (siren audit verify). A chain for each writer, so
-- that none waits for another: 'alerts' grows with the alert log, 'orders' by operators' calls, 'shelters' by edits.
CREATE TABLE audit_head (
  chain text PRIMARY KEY,
  place bigint NOT NULL,
  hash  bytea NOT NULL
);

CREATE TABLE audit_record (
  chain    text NOT NULL,
  place    bigint NOT NULL,                -- 1, 2, 3 …
  acted_at timestamptz NOT NULL,
  actor    text NOT NULL,
  act      text NOT NULL,
  subject  text NOT NULL,                  -- a zone, a shelter
  detail   text NOT NULL,
  trace_id text NOT NULL,
  epoch    bigint NOT NULL,                -- with seq: the entry of the alert log that it is about; 0, 0: none
  seq      bigint NOT NULL,
  content  bytea NOT NULL,                 -- SHA-256 of that entry's alert
  hash     bytea NOT NULL,
  PRIMARY KEY (chain, place)
);
CREATE INDEX audit_record_by_subject ON audit_record (subject, acted_at);

-- "What was this zone told then" is asked by zone.
CREATE INDEX alert_log_by_zone ON alert_log (country, zone_id, logged_at);

-- Fields in order, each with its length in bytes: no two rows give the same text. common/audit/audit_hash.cc must agree.
CREATE FUNCTION audit_hash(before bytea, place bigint, acted_at timestamptz, actor text, act text, subject text, detail text,
                           trace_id text, epoch bigint, seq bigint, content bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
  -- One expression, which PostgreSQL puts in place of the call: an aggregate would be planned anew for each alert.
  SELECT sha256(before || convert_to(
    octet_length(place::text) || ':' || place::text ||
    octet_length((extract(epoch FROM acted_at) * 1000000)::bigint::text) || ':' || (extract(epoch FROM acted_at) * 1000000)::bigint::text ||
    octet_length(actor) || ':' || actor ||
    octet_length(act) || ':' || act ||
    octet_length(subject) || ':' || subject ||
    octet_length(detail) || ':' || detail ||
    octet_length(trace_id) || ':' || trace_id ||
    octet_length(epoch::text) || ':' || epoch::text ||
    octet_length(seq::text) || ':' || seq::text ||
    octet_length(encode(content, 'hex')) || ':' || encode(content, 'hex'), 'UTF8'))
$$;

CREATE FUNCTION audit_add(chain_ text, acted_at_ timestamptz, actor_ text, act_ text, subject_ text, detail_ text,
                          trace_ text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  latest audit_head;
  made bytea;
BEGIN
  INSERT INTO audit_head VALUES (chain_, 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO latest FROM audit_head WHERE chain = chain_ FOR UPDATE;
  made := audit_hash(latest.hash, latest.place + 1, acted_at_, actor_, act_, subject_, detail_, trace_, 0, 0, '');
  INSERT INTO audit_record
    VALUES (chain_, latest.place + 1, acted_at_, actor_, act_, subject_, detail_, trace_, 0, 0, '', made);
  UPDATE audit_head SET place = latest.place + 1, hash = made WHERE chain = chain_;
END
$$;

-- In the transaction that logs the alerts, whichever release writes them. One statement, one look at the head.
CREATE FUNCTION audit_alerts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  latest audit_head;
  told record;
BEGIN
  INSERT INTO audit_head VALUES ('alerts', 0, '') ON CONFLICT DO NOTHING;
  SELECT * INTO latest FROM audit_head WHERE chain = 'alerts' FOR UPDATE;
  FOR told IN
    SELECT f.*, coalesce(l.zone_id, '') AS zone, coalesce(l.alert_id || ' rev ' || l.rev || ': ', '') || f.because AS detail,
      coalesce(sha256(l.alert), '') AS content
    FROM fresh f LEFT JOIN alert_log l USING (country, epoch, seq) ORDER BY f.audit_id
  LOOP
    latest.place := latest.place + 1;
    latest.hash := audit_hash(latest.hash, latest.place, told.acted_at, told.actor, told.act, told.zone, told.detail,
                            told.trace_id, told.epoch, told.seq, told.content);
    INSERT INTO audit_record VALUES ('alerts', latest.place, told.acted_at, told.actor, told.act, told.zone, told.detail,
                                     told.trace_id, told.epoch, told.seq, told.content, latest.hash);
  END LOOP;
  UPDATE audit_head SET place = latest.place, hash = latest.hash WHERE chain = 'alerts';
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_alerts AFTER INSERT ON alert_audit REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION audit_alerts();

-- What was done before there was a record, in the order in which it was done.
DO $$
DECLARE
  latest audit_head;
  told record;
BEGIN
  latest.place := 0;
  latest.hash := '';
  FOR told IN
    SELECT a.*, coalesce(l.zone_id, '') AS zone, coalesce(l.alert_id || ' rev ' || l.rev || ': ', '') || a.because AS detail,
      coalesce(sha256(l.alert), '') AS content
    FROM alert_audit a LEFT JOIN alert_log l USING (country, epoch, seq) ORDER BY a.audit_id
  LOOP
    latest.place := latest.place + 1;
    latest.hash := audit_hash(latest.hash, latest.place, told.acted_at, told.actor, told.act, told.zone, told.detail,
                            told.trace_id, told.epoch, told.seq, told.content);
    INSERT INTO audit_record VALUES ('alerts', latest.place, told.acted_at, told.actor, told.act, told.zone, told.detail,
                                     told.trace_id, told.epoch, told.seq, told.content, latest.hash);
  END LOOP;
  INSERT INTO audit_head VALUES ('alerts', latest.place, latest.hash);
END
$$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the record is append-only';
END
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
