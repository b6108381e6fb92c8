-- What is true outside for everybody who walks, as operators say it. A change takes a number of shelter_head, so that
-- whoever follows shelters hears of it. Requests are remembered in shelter_request under an empty shelter_id.
CREATE TABLE ground_conditions (
  only_row       boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  light          smallint NOT NULL,         -- siren.shelters.v1.LightRule
  ice            boolean NOT NULL,
  closed_bridges jsonb NOT NULL,            -- list of names
  trains_running boolean NOT NULL,
  metro_power    boolean NOT NULL,
  revision       bigint NOT NULL CHECK (revision > 0),
  changed_at     timestamptz,               -- the world's time
  changed_by     text NOT NULL,
  change_seq     bigint NOT NULL
);
INSERT INTO ground_conditions (light, ice, closed_bridges, trains_running, metro_power, revision, changed_by, change_seq)
VALUES (1, false, '[]', true, true, 1, '', 0);
