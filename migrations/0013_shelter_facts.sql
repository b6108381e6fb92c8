-- What cities' own lists and keepers tell about a shelter. NULL: nobody told.
ALTER TABLE shelter
  ADD COLUMN opens_minute       smallint CHECK (opens_minute BETWEEN 0 AND 1440),   -- the city's time, every day
  ADD COLUMN closes_minute      smallint CHECK (closes_minute BETWEEN 0 AND 1440),
  ADD COLUMN access             smallint NOT NULL DEFAULT 0,                        -- siren.shelters.v1.AccessRule
  ADD COLUMN keyholder          text NOT NULL DEFAULT '',
  ADD COLUMN power              boolean,
  ADD COLUMN heat               boolean,
  ADD COLUMN water              boolean,
  ADD COLUMN stairs             integer CHECK (stairs >= 0),
  ADD COLUMN place_doubtful     boolean NOT NULL DEFAULT false,
  ADD COLUMN capacity_assumed   boolean NOT NULL DEFAULT false,
  ADD COLUMN confidence_percent smallint CHECK (confidence_percent BETWEEN 0 AND 100);
