-- Which row holds which asset, and what becomes of assets that none holds.
--
-- An asset has one row of its own, with no owner, and one for each row of the app that holds it or held it.
CREATE TABLE IF NOT EXISTS cloudinary_attachment (
    -- image/upload/albums/beach: without version and format, since that is what is destroyed.
    asset TEXT NOT NULL,
    -- The app's table, the row's key and the column; all three are empty in the asset's own row.
    owner_table TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    owner_field TEXT NOT NULL,
    -- What the app's column holds: image/upload/v1372180830/albums/beach.jpg.
    value TEXT NOT NULL,
    -- The latest version known, 0 for none.
    version BIGINT NOT NULL,
    -- Of an asset: pending, attached, releasing, destroyed or dead. Of a holder: attached or released.
    state TEXT NOT NULL CHECK (state IN ('pending', 'attached', 'releasing', 'destroyed', 'dead', 'released')),
    -- When the worker looks at the asset, in Unix milliseconds; never set in a holder's row.
    due_at BIGINT,
    -- When it was destroyed, in Unix milliseconds.
    destroyed_at BIGINT,
    -- How often it was tried to destroy it, and why that failed.
    attempts BIGINT NOT NULL DEFAULT 0,
    reason TEXT,
    -- In Unix milliseconds, by the clock of who wrote.
    changed_at BIGINT NOT NULL,
    -- Set by a statement that would attach what is being destroyed, so that it fails.
    refused BIGINT NOT NULL DEFAULT 0 CONSTRAINT cloudinary_asset_is_gone CHECK (refused = 0),
    PRIMARY KEY (asset, owner_table, owner_key, owner_field)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cloudinary_attachment_due ON cloudinary_attachment (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS cloudinary_schema (version BIGINT NOT NULL PRIMARY KEY);
INSERT INTO cloudinary_schema (version) VALUES (1);
