CREATE TABLE photo (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    title      TEXT NOT NULL,
    -- A CloudinaryField: image/upload/v1372180830/sample.jpg. Unique, so that sending a form twice adds one photo.
    image      VARCHAR(255) NOT NULL UNIQUE,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
