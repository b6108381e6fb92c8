CREATE TABLE shelter_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seq      bigint NOT NULL
);
INSERT INTO shelter_head (seq) VALUES (0);

CREATE TABLE shelter (
  shelter_id    text PRIMARY KEY,
  type          smallint NOT NULL,
  name_uk       text NOT NULL,
  name_en       text NOT NULL,
  address       text NOT NULL,
  latitude_deg  double precision NOT NULL CHECK (latitude_deg BETWEEN -90 AND 90),
  longitude_deg double precision NOT NULL CHECK (longitude_deg BETWEEN -180 AND 180),
  capacity      integer NOT NULL CHECK (capacity >= 0),
  step_free     boolean NOT NULL,
  pets          boolean NOT NULL,
  surface       boolean NOT NULL,
  metro_role    smallint NOT NULL,
  state         smallint NOT NULL,
  verified_at   timestamptz,
  occupancy     integer NOT NULL CHECK (occupancy >= 0),
  generated     boolean NOT NULL,
  revision      bigint NOT NULL CHECK (revision > 0),
  change_seq    bigint NOT NULL UNIQUE     -- registry-wide, taken under the head's row lock
);

CREATE TABLE shelter_entrance (
  shelter_id    text NOT NULL REFERENCES shelter ON DELETE CASCADE,
  number        smallint NOT NULL,
  name          text NOT NULL,
  latitude_deg  double precision NOT NULL CHECK (latitude_deg BETWEEN -90 AND 90),
  longitude_deg double precision NOT NULL CHECK (longitude_deg BETWEEN -180 AND 180),
  step_free     boolean NOT NULL,
  PRIMARY KEY (shelter_id, number)
);

-- What mutations answered, for a day: a repeated one gets the same answer, another one under the same id is refused.
CREATE TABLE shelter_request (
  request_id text PRIMARY KEY,
  shelter_id text NOT NULL,
  asked      bytea NOT NULL,               -- the request without its id
  answer     bytea NOT NULL,               -- siren.shelters.v1.Shelter
  made_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX shelter_request_by_age ON shelter_request (made_at);
