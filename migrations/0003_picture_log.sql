-- The threat picture as a gapless log of steps, for zone_engine and whoever else must not miss one. An epoch is the life of
-- one writer: a writer that starts takes a new epoch and so shuts out the one before it.
CREATE TABLE picture_head (
  country       text PRIMARY KEY,
  epoch         bigint NOT NULL,
  seq           bigint NOT NULL DEFAULT 0,
  last_track_id bigint NOT NULL DEFAULT 0   -- the highest ever given; ids are not given twice
);

CREATE TABLE picture_log (
  country   text NOT NULL,
  epoch     bigint NOT NULL,
  seq       bigint NOT NULL,
  step      bytea NOT NULL,                -- siren.threats.v1.PictureStep
  logged_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (country, epoch, seq)
);

-- History of what feeds said. Positions here are of threats, never of people. The place is part of the key because reports
-- without a native id are told apart by it.
CREATE TABLE observation (
  source        text NOT NULL,
  native_id     text NOT NULL,
  observed_at   timestamptz NOT NULL,
  latitude_deg  double precision NOT NULL,
  longitude_deg double precision NOT NULL,
  threat_class  smallint NOT NULL,
  observation   bytea NOT NULL,            -- siren.threats.v1.Observation
  trace_id      text NOT NULL,
  received_at   timestamptz NOT NULL,
  PRIMARY KEY (source, native_id, observed_at, latitude_deg, longitude_deg)
);
CREATE INDEX observation_by_time ON observation (observed_at);

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
  track    bytea NOT NULL                  -- siren.threats.v1.Track
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

-- The newest word of every source on every region and type. Alarms have no maximum age: one has run since April 2022.
CREATE TABLE region_alarm_state (
  source     text NOT NULL,
  region_id  text NOT NULL,
  alarm_type smallint NOT NULL,
  active     boolean NOT NULL,
  alarm      bytea NOT NULL,               -- siren.threats.v1.LoggedRegionAlarm
  PRIMARY KEY (source, region_id, alarm_type)
);

CREATE TABLE feed_state (
  source text PRIMARY KEY,
  feed   bytea NOT NULL                    -- siren.threats.v1.FeedState
);
