-- The version that the model made its text from. When it is not the version before, a person has
-- saved meanwhile, and the two can be merged. NULL: the version before, or a new document.
ALTER TABLE documentVersions ADD COLUMN baseVersion INTEGER;
