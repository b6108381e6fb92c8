-- threat_ingest's sign of life, moved by every step and at least once a second: a picture that nobody keeps is not calm.
ALTER TABLE picture_head ADD COLUMN beat_at timestamptz;
