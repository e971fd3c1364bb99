//! The statements, each written once.

/// The statements of a database. Values are numbered, `?1` and so on, in the order said at each.
///
/// [`STANDARD`](Self::STANDARD) is as PostgreSQL and SQLite understand it; a database overrides what it says otherwise.
#[derive(Debug)]
pub struct Statements {
    /// The tables of ours that there are: (name, "").
    pub tables: &'static str,
    /// The versions of the schema: (version, "").
    pub schema_version: &'static str,
    /// asset, value, version, now, table, key, field.
    pub attach: &'static str,
    /// due, now, asset, table, key, field.
    pub detach: &'static str,
    /// asset, value, version, due, now: of a stored asset.
    pub pending: &'static str,
    /// asset, value, due, now: of one that is yet to be stored.
    pub reserve: &'static str,
    /// now, limit: assets to look at, locked, leaving out those that others have locked.
    pub due: &'static str,
    /// asset: one of its holders.
    pub holder: &'static str,
    /// lease, now, asset.
    pub claim: &'static str,
    /// next look or NULL, now, asset: it is held.
    pub keep: &'static str,
    /// asset: those that held it once.
    pub forget_holders: &'static str,
    /// now, due, now, asset: that it is destroyed.
    pub destroyed: &'static str,
    /// state, due, reason, now, asset.
    pub failed: &'static str,
    /// due, now, asset, when it was taken: it was not tried, if nobody else has taken it since.
    pub give_back: &'static str,
    /// asset: its own row.
    pub forget: &'static str,
    /// now, earliest: rows written by a clock that was ahead.
    pub rebase: &'static str,
    /// now: dead letters, to be tried again.
    pub revive: &'static str,
    /// asset.
    pub of_asset: &'static str,
    /// asset, table, key, field, limit: the rows after these.
    pub page: &'static str,
    /// now: how many assets are due: (count, "").
    pub backlog: &'static str,
    /// How a key of the app, `{}`, is turned into text: UUIDs that are kept as 16 bytes as well.
    pub key: &'static str,
    /// How a column of the app, `{}`, is read as text, whatever was put there.
    pub text: &'static str,
    /// How the member `image` of a JSON column, `{}`, is read.
    pub json_image: &'static str,
    /// Around the pattern that a text is compared with.
    pub like: (&'static str, &'static str),
    /// Around the name of a table or column.
    pub quote: char,
}

impl Statements {
    pub(super) const STANDARD: Self = Self {
        tables: "SELECT CAST(table_name AS TEXT), '' FROM information_schema.tables \
                 WHERE table_name LIKE 'cloudinary!_%' ESCAPE '!' AND table_schema = ANY (current_schemas(false))",
        schema_version: "SELECT CAST(max(version) AS TEXT), '' FROM cloudinary_schema",
        // What was destroyed may come back under the same id, as a version that was stored a minute later or more: less
        // could be the difference of two clocks.
        attach: "INSERT INTO cloudinary_attachment AS known \
                 (asset, owner_table, owner_key, owner_field, value, version, state, changed_at) \
                 VALUES (?1, '', '', '', ?2, ?3, 'attached', ?4), (?1, ?5, ?6, ?7, ?2, ?3, 'attached', ?4) \
                 ON CONFLICT (asset, owner_table, owner_key, owner_field) DO UPDATE SET \
                 refused = CASE WHEN known.state IN ('releasing', 'dead') OR (known.state = 'destroyed' \
                     AND (excluded.version <= known.version OR excluded.version <= known.destroyed_at / 1000 + 60)) \
                     THEN 1 ELSE 0 END, \
                 value = excluded.value, \
                 version = CASE WHEN known.version > excluded.version THEN known.version ELSE excluded.version END, \
                 due_at = CASE WHEN known.state = 'pending' THEN NULL ELSE known.due_at END, \
                 destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = excluded.changed_at, state = 'attached'",
        detach: "UPDATE cloudinary_attachment SET \
                 due_at = CASE WHEN owner_table <> '' THEN NULL WHEN due_at > ?1 THEN due_at ELSE ?1 END, \
                 state = CASE WHEN owner_table <> '' THEN 'released' ELSE state END, changed_at = ?2 \
                 WHERE asset = ?3 AND ((owner_table = '' AND owner_key = '' AND owner_field = '') \
                 OR (owner_table = ?4 AND owner_key = ?5 AND owner_field = ?6))",
        pending: "INSERT INTO cloudinary_attachment AS known \
                  (asset, owner_table, owner_key, owner_field, value, version, state, due_at, changed_at) \
                  VALUES (?1, '', '', '', ?2, ?3, 'pending', ?4, ?5) \
                  ON CONFLICT (asset, owner_table, owner_key, owner_field) DO UPDATE SET \
                  refused = CASE WHEN known.state IN ('releasing', 'dead') OR (known.state = 'destroyed' \
                      AND (excluded.version <= known.version OR excluded.version <= known.destroyed_at / 1000 + 60)) \
                      THEN 1 ELSE 0 END, \
                  value = excluded.value, \
                  version = CASE WHEN known.version > excluded.version THEN known.version ELSE excluded.version END, \
                  due_at = CASE WHEN known.state = 'attached' AND known.due_at IS NULL THEN NULL \
                      WHEN known.state <> 'destroyed' AND known.due_at > excluded.due_at THEN known.due_at \
                      ELSE excluded.due_at END, \
                  destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = excluded.changed_at, \
                  state = CASE WHEN known.state = 'attached' THEN 'attached' ELSE 'pending' END",
        reserve: "INSERT INTO cloudinary_attachment AS known \
                  (asset, owner_table, owner_key, owner_field, value, version, state, due_at, changed_at) \
                  VALUES (?1, '', '', '', ?2, 0, 'pending', ?3, ?4) \
                  ON CONFLICT (asset, owner_table, owner_key, owner_field) DO UPDATE SET \
                  refused = CASE WHEN known.state IN ('releasing', 'dead') THEN 1 ELSE 0 END, version = 0, \
                  due_at = CASE WHEN known.state = 'attached' AND known.due_at IS NULL THEN NULL \
                      WHEN known.state <> 'destroyed' AND known.due_at > excluded.due_at THEN known.due_at \
                      ELSE excluded.due_at END, \
                  destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = excluded.changed_at, \
                  state = CASE WHEN known.state = 'attached' THEN 'attached' ELSE 'pending' END",
        due: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
              FROM cloudinary_attachment WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2 FOR UPDATE SKIP LOCKED",
        holder: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
                 FROM cloudinary_attachment WHERE asset = ?1 AND owner_table <> '' AND state = 'attached' LIMIT 1",
        claim: "UPDATE cloudinary_attachment SET state = 'releasing', due_at = ?1, attempts = attempts + 1, \
                changed_at = ?2 WHERE asset = ?3 AND owner_table = '' AND owner_key = '' AND owner_field = ''",
        keep: "UPDATE cloudinary_attachment SET state = 'attached', due_at = ?1, changed_at = ?2 \
               WHERE asset = ?3 AND owner_table = '' AND owner_key = '' AND owner_field = ''",
        forget_holders: "DELETE FROM cloudinary_attachment \
                         WHERE asset = ?1 AND owner_table <> '' AND state = 'released'",
        destroyed: "UPDATE cloudinary_attachment SET state = 'destroyed', destroyed_at = ?1, due_at = ?2, attempts = 0, \
                    reason = NULL, changed_at = ?3 \
                    WHERE asset = ?4 AND owner_table = '' AND owner_key = '' AND owner_field = '' \
                    AND state = 'releasing'",
        failed: "UPDATE cloudinary_attachment SET state = ?1, due_at = ?2, reason = ?3, changed_at = ?4 \
                 WHERE asset = ?5 AND owner_table = '' AND owner_key = '' AND owner_field = '' AND state = 'releasing'",
        give_back: "UPDATE cloudinary_attachment SET attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, \
                    due_at = ?1, changed_at = ?2 \
                    WHERE asset = ?3 AND owner_table = '' AND owner_key = '' AND owner_field = '' AND state = 'releasing' AND changed_at = ?4",
        forget: "DELETE FROM cloudinary_attachment WHERE asset = ?1 \
                 AND owner_table = '' AND owner_key = '' AND owner_field = '' AND state IN ('releasing', 'destroyed')",
        rebase: "UPDATE cloudinary_attachment SET \
                 due_at = ?1 + CASE WHEN due_at > changed_at THEN due_at - changed_at ELSE 0 END, \
                 destroyed_at = CASE WHEN destroyed_at IS NULL THEN NULL ELSE ?1 END, changed_at = ?1 \
                 WHERE due_at IS NOT NULL AND changed_at > ?2",
        revive: "UPDATE cloudinary_attachment SET state = 'releasing', due_at = ?1, attempts = 0, changed_at = ?1 \
                 WHERE state = 'dead'",
        of_asset: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
                   FROM cloudinary_attachment WHERE asset = ?1 ORDER BY owner_table, owner_key, owner_field",
        page: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
               FROM cloudinary_attachment WHERE (asset, owner_table, owner_key, owner_field) > (?1, ?2, ?3, ?4) \
               ORDER BY asset, owner_table, owner_key, owner_field LIMIT ?5",
        backlog: "SELECT CAST(count(*) AS TEXT), '' FROM cloudinary_attachment WHERE due_at <= ?1",
        key: "CAST({} AS TEXT)",
        text: "CAST({} AS TEXT)",
        json_image: "({}->>'image')",
        like: (" LIKE ", " ESCAPE '!'"),
        quote: '"',
    };

    /// All of them by name, so that a test can make sure that each is run.
    pub fn all(&self) -> Vec<(&'static str, &'static str)> {
        macro_rules! named {
            ($($name:ident)*) => {{
                // One that is added does not compile until it stands here.
                let Self { $($name,)* key: _, text: _, json_image: _, like: _, quote: _ } = self;
                vec![$((stringify!($name), *$name)),*]
            }};
        }
        named! {
            tables schema_version attach detach pending reserve due holder claim keep forget_holders destroyed failed give_back
            forget
            rebase revive of_asset page backlog
        }
    }
}

/// Writes the placeholders of a statement anew, those in quotes left alone.
#[cfg(any(test, feature = "mysql", feature = "postgres"))]
pub(super) fn placeholders(statement: &str, mut write: impl FnMut(&mut String, usize)) -> String {
    let mut text = String::with_capacity(statement.len());
    let mut quote = None;
    let mut chars = statement.chars().peekable();
    while let Some(c) = chars.next() {
        match quote {
            None if c == '?' => {
                let mut number = 0;
                while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
                    number = number * 10 + digit as usize;
                    chars.next();
                }
                write(&mut text, number);
                continue;
            }
            None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
            Some(end) if c == end => quote = None,
            _ => {}
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_written_anew() {
        for (statement, expected) in [
            ("SELECT 1", "SELECT 1"),
            ("x = ?2 AND y IN (?1, ?12)", "x = $2 AND y IN ($1, $12)"),
            ("\"odd?1\" = ?1 AND x = '?''?1' AND `?` = ?2", "\"odd?1\" = $1 AND x = '?''?1' AND `?` = $2"),
        ] {
            let text = placeholders(statement, |text, n| {
                text.push('$');
                text.push_str(&n.to_string());
            });
            assert_eq!(text, expected);
        }
    }
}
