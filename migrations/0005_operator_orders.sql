-- Operators' orders in force, the newest of each operator for each zone (a withdrawal too): what zone_engine starts from, so
-- that a restart neither ends nor forgets an alarm that a person raised.
CREATE TABLE operator_order (
  country       text NOT NULL,
  zone_id       text NOT NULL,
  operator_name text NOT NULL,
  stage         smallint NOT NULL,         -- siren.zones.v1.Stage
  shown_text    text NOT NULL,
  request_id    text NOT NULL,
  ordered_at    timestamptz NOT NULL,      -- the world's time
  trace_id      text NOT NULL,
  PRIMARY KEY (country, zone_id, operator_name)
);

-- What was asked, so that a request_id used for something else is refused.
ALTER TABLE alarm_request ADD COLUMN asked bytea NOT NULL DEFAULT '';
