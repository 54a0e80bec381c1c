use super::*;
use proptest::prelude::*;

/// What Blender 4.5 and 5.2 made of expressions at frame 17: the bits of the value, or `-` where
/// they would have needed Python.
const RECORDED: &str = include_str!("../tests/data/expressions.txt");
const NAMES: [&str; 5] = ["a", "b", "n", "z", "w"];
const VALUES: [f32; 5] = [0.5, -2.25, 3.0, 0.0, 7.5];

#[test]
fn expressions_are_read_and_evaluated_as_in_blender() {
    let mut simple = 0;
    for line in RECORDED.lines() {
        let (want, text) = line.split_once(' ').unwrap();
        let text = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\");
        let got = Expression::parse(&text, &NAMES).map(|e| e.evaluate(&VALUES, 17.0));
        if want == "-" {
            assert_eq!(got, None, "{text:?}");
            continue;
        }
        simple += 1;
        let want = f32::from_bits(u32::from_str_radix(want, 16).unwrap());
        let got = got.unwrap_or_else(|| panic!("{text:?} is not read"));
        assert!((got - want).abs() <= f32::EPSILON * want.abs(), "{text:?}: {got}, not {want}");
    }
    assert!(simple > 180, "{simple}");
}

#[test]
fn what_is_undefined_is_zero_only_where_it_is_evaluated() {
    for (text, want) in [
        ("1/0 if z else 5", 5.0),
        ("n or 1/z", 3.0),
        ("z and 1/z", 0.0),
        ("a<b<1/z", 0.0),
        ("b<a<1/z", 0.0),
        ("max(1/z, 2)", 0.0),
        ("exp(1000) > 1", 1.0),
        ("1/exp(1000)", 0.0),
        ("1e308*10", 0.0),
        ("log(8,1) + 1", 0.0),
        ("pow(0,0)", 1.0),
        ("pow(-2,3)", -8.0),
        ("clamp(b,2,0)", 2.0),
        ("01.5", 1.5),
        ("00", 0.0),
        ("frame", 17.0),
    ] {
        let expression = Expression::parse(text, &NAMES).expect(text);
        assert_eq!(expression.evaluate(&VALUES, 17.0), want, "{text}");
    }
}

#[test]
fn variables_are_single_and_hide_other_names() {
    let of = |text: &str, name: &str, value: f32| {
        Expression::parse(text, &[name]).map(|e| e.evaluate(&[value], 1.0))
    };
    assert_eq!(of("t == 0.1", "t", 0.1), Some(0.0));
    assert_eq!(of("pi + 1", "pi", 0.5), Some(1.5));
    assert_eq!(of("sin", "sin", 0.5), Some(0.5));
    assert_eq!(of("sin(2)", "sin", 0.5), None);
}

#[test]
fn the_frame_is_noticed() {
    let uses = |text| Expression::parse(text, &NAMES).unwrap().uses_frame();
    assert!(uses("a if b < max(1, frame * 2) else n"));
    assert!(!uses("a if b < max(1, n * 2) else not -pi"));
}

#[test]
fn depth_is_limited() {
    for text in [
        "(".repeat(100_000),
        "not ".repeat(100_000) + "a",
        "1 if 1 else ".repeat(100_000) + "1",
        "-".repeat(100_000) + "a",
        "sin(".repeat(100_000),
        "a+".repeat(100_000) + "a",
    ] {
        let _ = Expression::parse(&text, &NAMES);
    }
    let deep = "(".repeat(60) + "a" + &")".repeat(60);
    assert!(Expression::parse(&deep, &NAMES).is_some());
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "[abnz0-9.()+*/<>=!, eifndlotr-]{0,40}", x in any::<f32>()) {
        if let Some(expression) = Expression::parse(&text, &NAMES) {
            let value = expression.evaluate(&[x; 5], x);
            prop_assert!(!value.is_nan());
        }
    }
}
