-- The album itself: one row.
CREATE TABLE album (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    -- A CloudinaryField; NULL without a cover.
    cover VARCHAR(255)
);
INSERT INTO album (id) VALUES (1);
