-- Operators may let old events of the audit log expire. In its first year an event stays whatever a
-- statement says. The worker deletes older ones only where the setting AUDIT_KEPT_DAYS asks for it.
DROP TRIGGER auditEventStays;
CREATE TRIGGER auditEventStays BEFORE DELETE ON auditEvents WHEN OLD.createdAt > unixepoch() * 1000 - 31536000000 BEGIN SELECT RAISE(ABORT, 'auditEvents is append-only'); END;

-- The cron deletes sessions that were not used for long.
CREATE INDEX sessionsByUse ON sessions (lastSeenAt);
