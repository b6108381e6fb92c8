-- Launches that nothing follows: history, and for a restart the newest word of every source on every launch of the last hour.
-- `said_at` is the launch's time, of an ended one the time of its end.
CREATE TABLE launch_report (
  source      text NOT NULL,
  native_id   text NOT NULL,
  said_at     timestamptz NOT NULL,
  ended       boolean NOT NULL,
  launch      bytea NOT NULL,              -- siren.threats.v1.LoggedLaunch
  trace_id    text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (source, native_id, said_at, ended)
);
CREATE INDEX launch_report_by_time ON launch_report (said_at);
