-- One database serves one world and one country; services refuse any other.
CREATE TABLE instance (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  world      text NOT NULL CHECK (world IN ('live', 'exercise')),
  country    text NOT NULL CHECK (length(country) = 2),
  created_at timestamptz NOT NULL DEFAULT now()
);
