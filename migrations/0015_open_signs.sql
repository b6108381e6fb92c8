-- Signs from the spot that a shelter is open or shut: the newest word of each source, for as long as it counts.
CREATE TABLE shelter_sign (
  shelter_id text NOT NULL,
  kind       smallint NOT NULL,            -- siren.shelters.v1.SignKind
  source_id  text NOT NULL,
  open       boolean NOT NULL,
  seen_at    timestamptz NOT NULL,         -- the world's time
  PRIMARY KEY (shelter_id, kind, source_id)
);
