-- The threat picture as a gapless log of steps, for zone_engine and whoever else must not miss one.
CREATE TABLE picture_head (
  country text PRIMARY KEY,
  epoch   bigint NOT NULL,
  seq     bigint NOT NULL DEFAULT 0
);

CREATE TABLE picture_log (
  country   text NOT NULL,
  epoch     bigint NOT NULL,
  seq       bigint NOT NULL,
  step      bytea NOT NULL,                -- siren.threat.v1.PictureStep
  logged_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (country, epoch, seq)
);

-- History of what feeds said. Positions here are of threats, never of people.
CREATE TABLE observation (
  source        text NOT NULL,
  native_id     text NOT NULL,
  observed_at   timestamptz NOT NULL,
  latitude_deg  double precision NOT NULL,
  longitude_deg double precision NOT NULL,
  threat_class  smallint NOT NULL,
  observation   bytea NOT NULL,            -- siren.threat.v1.Observation
  trace_id      text NOT NULL,
  received_at   timestamptz NOT NULL,
  PRIMARY KEY (source, native_id, observed_at)
);

CREATE TABLE track_history (
  track_id      bigint NOT NULL,
  updated_at    timestamptz NOT NULL,
  latitude_deg  double precision NOT NULL,
  longitude_deg double precision NOT NULL,
  threat_class  smallint NOT NULL,
  confirmed     boolean NOT NULL,
  ended         smallint NOT NULL,
  picture_seq   bigint NOT NULL
);
CREATE INDEX track_history_by_track ON track_history (track_id, updated_at);

-- Tracks alive, for a restart of threat_ingest and zone_engine.
CREATE TABLE track_state (
  track_id bigint PRIMARY KEY,
  track    bytea NOT NULL                  -- siren.threat.v1.Track
);

CREATE TABLE region_alarm (
  source      text NOT NULL,
  native_id   text NOT NULL,
  region_id   text NOT NULL,
  alarm_type  smallint NOT NULL,
  active      boolean NOT NULL,
  changed_at  timestamptz NOT NULL,
  trace_id    text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (source, region_id, alarm_type, native_id, changed_at, active)
);
