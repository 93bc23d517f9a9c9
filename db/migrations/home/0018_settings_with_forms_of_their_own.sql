-- Settings with a form of their own have a column of their own. A worker of an earlier version, which
-- stores only the settings that it knows, leaves these as they are.
ALTER TABLE siteSettings ADD COLUMN models TEXT CHECK (models IS NULL OR json_valid(models));
ALTER TABLE siteSettings ADD COLUMN costPerDayNanos INTEGER CHECK (costPerDayNanos >= 1);
UPDATE siteSettings SET models = json_extract(value, '$.models'), costPerDayNanos = json_extract(value, '$.costPerDayNanos'), value = json_remove(value, '$.models', '$.costPerDayNanos');
