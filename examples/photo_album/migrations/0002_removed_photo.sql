-- Deleted photos, until the time to undo that is over.
CREATE TABLE removed_photo (
    id         INTEGER PRIMARY KEY,
    title      TEXT NOT NULL,
    image      VARCHAR(255) NOT NULL,
    created_at TEXT NOT NULL,
    removed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
