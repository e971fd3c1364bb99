//! The table in the README is the one the code speaks of.

#[test]
fn the_readme_is_current() {
    let readme = include_str!("../README.md");
    let (_, after) = readme.split_once("<!-- differences -->\n").expect("where the table begins");
    let (table, _) = after.split_once("<!-- /differences -->").expect("where it ends");
    let current = cloudinary_local::differences();
    if table != current {
        let written = std::env::temp_dir().join("cloudinary-local-differences.md");
        std::fs::write(&written, &current).expect("a place for the new table");
        panic!("the table in README.md is not current; replace it by the one in {}", written.display());
    }
}
