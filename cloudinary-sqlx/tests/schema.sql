-- What tests/checked_queries.rs is checked against. To record its queries anew:
--   sqlite3 /tmp/photo.db < tests/schema.sql
--   DATABASE_URL=sqlite:///tmp/photo.db SQLX_OFFLINE_DIR=.sqlx cargo test -p cloudinary-sqlx --no-run
CREATE TABLE photo (id INTEGER PRIMARY KEY, image VARCHAR(255) NOT NULL UNIQUE, cover TEXT);
