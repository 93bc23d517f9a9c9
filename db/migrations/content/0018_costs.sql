-- What answers have cost, in billionths of a US dollar, by the prices at their time. Answers from before
-- this migration have no known cost.
ALTER TABLE usageDays ADD COLUMN costNanos INTEGER NOT NULL DEFAULT 0;

-- Of all users. The worker adds it with the cost of the user. A trigger on usageDays would count again what
-- moves from a guest to an account.
ALTER TABLE answerDays ADD COLUMN costNanos INTEGER NOT NULL DEFAULT 0;
