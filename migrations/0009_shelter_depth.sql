-- Of the platform or the floor below the street; NULL: unknown.
ALTER TABLE shelter ADD COLUMN depth_m double precision CHECK (depth_m >= 0);
