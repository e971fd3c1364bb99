-- What the media service told last.
CREATE TABLE notification (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Of its content. Unique, so that one that is sent again counts once.
    digest    TEXT NOT NULL UNIQUE,
    words     TEXT NOT NULL,
    public_id TEXT NOT NULL,
    heard_at  TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
