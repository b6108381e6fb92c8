-- What door counters counted. The sum is exact; shelter.occupancy is what is shown of it, within [0, capacity]. An operator's
-- count drops the row: counting goes on from there.
CREATE TABLE shelter_sum (
  shelter_id text PRIMARY KEY,
  people     bigint NOT NULL
);

-- The last word of each sensor: a delta counts once.
CREATE TABLE shelter_sensor (
  sensor_id  text PRIMARY KEY,
  shelter_id text NOT NULL,
  run        bigint NOT NULL,
  sequence   bigint NOT NULL
);

-- How full shelters were, in steps of 10 s of the world's time, a partition a day. shelter_history_keep makes and drops them;
-- the rest takes what came for days without one.
CREATE TABLE shelter_history (
  shelter_id text NOT NULL,
  at         timestamptz NOT NULL,
  people     integer NOT NULL CHECK (people >= 0),
  PRIMARY KEY (shelter_id, at)
) PARTITION BY RANGE (at);
CREATE TABLE shelter_history_rest PARTITION OF shelter_history DEFAULT;

CREATE FUNCTION shelter_history_keep(now_ timestamptz, days_ integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  today date := (now_ AT TIME ZONE 'UTC')::date;
  begins timestamptz;
  name text;
  old record;
BEGIN
  PERFORM pg_advisory_xact_lock(5721973);  -- any fixed number: one at a time
  FOR ahead IN 0..1 LOOP
    begins := (today + ahead)::timestamp AT TIME ZONE 'UTC';
    name := 'shelter_history_' || to_char(today + ahead, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(name) IS NOT NULL;
    CONTINUE WHEN EXISTS (SELECT FROM shelter_history_rest WHERE at >= begins AND at < begins + interval '1 day');
    EXECUTE format('CREATE TABLE %I PARTITION OF shelter_history FOR VALUES FROM (%L) TO (%L)', name, begins, begins + interval '1 day');
  END LOOP;
  FOR old IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'shelter_history'::regclass AND c.relname ~ '^shelter_history_[0-9]{8}$'
      AND right(c.relname, 8) < to_char(today - days_, 'YYYYMMDD')
  LOOP
    EXECUTE format('DROP TABLE %I', old.relname);
  END LOOP;
  DELETE FROM shelter_history_rest WHERE at < now_ - make_interval(days => days_);
END
$$;
