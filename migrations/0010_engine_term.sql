-- Who may write the alert log: every leader takes a higher term, and one of a lower term is refused.
ALTER TABLE alert_head ADD COLUMN term bigint NOT NULL DEFAULT 0;
