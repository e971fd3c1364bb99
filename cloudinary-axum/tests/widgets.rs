//! Widgets print safe HTML, for any template engine.

use cloudinary_axum::{
    FileField, JQUERY_PLUGIN, Uploads, cloudinary_direct_upload, cloudinary_direct_upload_field, cloudinary_includes,
    cloudinary_jquery_includes, cloudinary_js_config,
};
use cloudinary_core::{Cloudinary, Config, UploadOptions};

fn uploads() -> Uploads {
    let config = Config::new("demo").credentials("key", "hush").cname("images.example.com");
    Uploads::new(Cloudinary::new(config).unwrap()).clock(|| 1_700_000_000)
}

/// What maud's `(widget)` and minijinja's `safe` values are made from.
fn printed(widget: &impl std::fmt::Display) -> String {
    format!("{widget}")
}

#[test]
fn our_script() {
    let html = printed(&cloudinary_includes("/assets/"));
    let (style_sheet, script) = html.split_once('\n').unwrap();
    assert!(style_sheet.starts_with("<link rel=\"stylesheet\" href=\"/assets/cloudinary.css?v="), "{html}");
    assert!(script.starts_with("<script src=\"/assets/cloudinary.js?v=") && script.ends_with("\" defer></script>"));
    assert!(!html.contains("jquery"), "{html}");
}

#[test]
fn the_jquery_plugin() {
    let html = printed(&cloudinary_jquery_includes(|file| {
        format!("https://npm.example.com/{}@{}/{}?a=\"b\"", file.package, file.version, file.path)
    }));
    let tags: Vec<&str> = html.lines().collect();
    assert_eq!(tags.len(), JQUERY_PLUGIN.len(), "our own script would upload every file again: {html}");
    for (tag, file) in tags.iter().zip(JQUERY_PLUGIN) {
        let start = format!("<script src=\"https://npm.example.com/{}@{}/", file.package, file.version);
        let end = format!(" integrity=\"{}\" crossorigin=\"anonymous\" defer></script>", file.integrity);
        assert!(tag.starts_with(&start) && tag.ends_with(&end), "{tag}");
        assert!(!tag.contains("\"b\""), "{tag}");
    }
}

#[test]
fn the_configuration() {
    let html = printed(&cloudinary_js_config(uploads().client()));
    for expected in ["cloud_name\" content=\"demo", "cname\" content=\"images.example.com", "secure\" content=\"true"] {
        assert!(html.contains(&format!("<meta name=\"cloudinary_{expected}\">")), "{expected}: {html}");
    }
    assert!(!html.contains("hush"), "{html}");
}

#[test]
fn a_field_on_its_own_and_a_whole_form() {
    let field = FileField::new("image")
        .formats(["jpg"])
        .many()
        .attr("title", "\"><script>")
        .options(UploadOptions::new().tags(["a\"b", "<c>"]));
    let uploads = uploads();
    let alone = printed(&cloudinary_direct_upload_field(&field, &uploads, Some("ann")).unwrap());
    assert!(alone.contains("data-cloudinary-field=\"image\"") && alone.contains("name=\"image.ticket\""), "{alone}");
    let form = cloudinary_direct_upload(&field, &uploads, Some("ann"), "https://a.b/done?x=1&y=\"2\"").unwrap();
    let html = printed(&form);
    let lines: Vec<&str> = html.lines().collect();
    let action = "https://api.cloudinary.com/v1_1/demo/image/upload";
    assert_eq!(lines[0], format!("<form action=\"{action}\" method=\"post\" enctype=\"multipart/form-data\">"));
    for name in ["allowed_formats", "callback", "public_id_prefix", "tags", "timestamp", "signature", "api_key"] {
        let found = lines.iter().filter(|line| line.contains(&format!("type=\"hidden\" name=\"{name}\""))).count();
        assert_eq!(found, 1, "{name}: {html}");
    }
    assert!(html.contains("<input type=\"file\" name=\"file\" accept=\"image/jpeg\""), "{html}");
    assert!(!html.contains("multiple") && !form.ticket().is_empty() && !html.contains(form.ticket()), "{html}");
    for html in [&alone, &html] {
        assert!(!html.contains("<script>") && !html.contains("hush") && !html.contains("<c>"), "{html}");
    }
    let without_secret = Uploads::new(Cloudinary::new(Config::new("demo")).unwrap());
    assert!(cloudinary_direct_upload(&field, &without_secret, None, "https://a.b/").is_err());
    assert!(cloudinary_direct_upload_field(&field, &without_secret, None).is_err());
}
