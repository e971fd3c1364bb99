//! Faces, found in a real photograph or told by who uploads it.

mod support;

use serde_json::json;
use support::Harness;

fn astronaut() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/photo_album/photos/astronaut.jpg");
    std::fs::read(path).expect("the album's photographs")
}

#[tokio::test]
async fn faces_are_found_on_request() {
    let harness = Harness::start().await;
    let answer = harness.upload(&[("faces", "1")], &astronaut(), "a.jpg").await;
    let faces = answer.json["faces"].as_array().expect("a list");
    assert!(!faces.is_empty(), "{answer:?}");
    let [x, y, width, height] = [0, 1, 2, 3].map(|index| faces[0][index].as_u64().expect("a number"));
    let (across, down) = (answer.json["width"].as_u64().unwrap(), answer.json["height"].as_u64().unwrap());
    assert!(x + width <= across && y + height <= down, "{faces:?} in {across}x{down}");
    let without = harness.upload(&[], &astronaut(), "a.jpg").await;
    assert!(without.json.get("faces").is_none());
}

#[tokio::test]
async fn told_faces_win_and_are_no_larger_than_the_image() {
    let harness = Harness::start().await;
    let params =
        [("faces", "1"), ("face_coordinates", "120,30,109,150|121,31,110,151"), ("custom_coordinates", "1,2,3,4")];
    let answer = harness.upload(&params, &support::png(241, 81), "a.png").await;
    assert_eq!(answer.json["faces"], json!([[120, 30, 109, 81], [121, 31, 110, 81]]));
    let given = json!({"faces": [[120, 30, 109, 150], [121, 31, 110, 151]], "custom": [[1, 2, 3, 4]]});
    assert_eq!(answer.json["coordinates"], given);
}
