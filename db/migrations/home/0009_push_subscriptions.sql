-- Where a browser gets pushed notifications: the address at its push service, and its keys.
CREATE TABLE pushSubscriptions (
  sessionId TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  userId TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  createdAt INTEGER NOT NULL
) STRICT;

CREATE INDEX pushSubscriptionsByUser ON pushSubscriptions (userId, createdAt DESC);
CREATE INDEX pushSubscriptionsByEndpoint ON pushSubscriptions (endpoint);
