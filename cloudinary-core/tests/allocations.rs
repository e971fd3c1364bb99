//! How often each way of the bench `urls` allocates, and that all ways of a job give the same text.

#[path = "../benches/urls/floor.rs"]
mod floor;
#[path = "../benches/urls/jobs.rs"]
mod jobs;
#[path = "../benches/urls/variant.rs"]
mod variant;

/// Each job, with the allocations of a text made from scratch, and of one written into a string that is used again. Those
/// of a URL are its id, the steps, the layer's text, and the URL.
const JOBS: [(&str, u64, u64); 6] = [
    ("plain", 2, 0),
    ("two_steps", 4, 0),
    ("signed", 4, 0),
    ("prepared", 3, 0),
    ("sign_params", 4, 0),
    // A tag sorts its attributes, and its `srcset` is a copy of the URL.
    ("img_tag", 26, 12),
];

#[test]
fn a_url_in_a_string_that_is_used_again_allocates_nothing() {
    let jobs = jobs::all();
    assert_eq!(jobs.iter().map(|(job, _)| *job).collect::<Vec<_>>(), JOBS.map(|(job, ..)| job));
    for ((job, variants), (_, made, reused)) in jobs.into_iter().zip(JOBS) {
        let mut expected = None;
        for mut variant in variants {
            let mut text = String::new();
            (variant.run)(&mut text);
            let expected = expected.get_or_insert_with(|| text.clone());
            assert_eq!(&text, expected, "{job}, {}", variant.name);
            let allocations = allocation_counter::measure(|| (variant.run)(&mut text)).count_total;
            match variant.name {
                "floor" => {}
                "ours" => assert_eq!(allocations, made, "{job}, made"),
                "ours, reused string" => assert_eq!(allocations, reused, "{job}, written"),
                other => panic!("{job} has another way: {other}"),
            }
        }
    }
}
