//! Names that Blender 5.2 and 4.5 gave to bones, against the library's.

use limber::names::{Axis, NameTable, Renamer, autoside_names, flip_names, flip_side};
use limber::selection_sets::unique_name;
use serde_json::Value;

fn load(file: &str) -> Value {
    let path = format!("{}/tests/data/names/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("vector file")).expect("json")
}

fn array<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key} in {value}"))
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().map(|v| v.as_str().expect("text").to_string()).collect()
}

fn packed(names: &[String]) -> Vec<u8> {
    names.iter().flat_map(|name| name.bytes().chain([0])).collect()
}

fn with_table<R>(names: &[String], body: impl FnOnce(&NameTable) -> R) -> R {
    let text = packed(names);
    body(&NameTable::new("names", &text, names.len()).expect("table"))
}

fn readable(renamer: &Renamer) -> Vec<String> {
    renamer.names().iter().map(|n| String::from_utf8(n.clone()).expect("UTF-8")).collect()
}

#[test]
fn single_names_flip_as_in_blender() {
    let vectors = load("flip_names.json");
    let cases = array(&vectors, "cases");
    assert!(cases.len() > 800);
    for case in cases {
        let input = case["input"].as_str().unwrap();
        let strip = case["strip_numbers"].as_bool().unwrap();
        let output = String::from_utf8(flip_side(input.as_bytes(), strip)).unwrap();
        assert_eq!(output, case["output"].as_str().unwrap(), "{case}");
        let bone = with_table(&[input.to_string()], |names| {
            readable(&flip_names(names, &[0], strip)).remove(0)
        });
        assert_eq!(bone, case["operator_output"].as_str().unwrap(), "{case}");
    }
}

#[test]
fn groups_of_names_flip_as_in_blender() {
    let vectors = load("flip_names.json");
    let groups = array(&vectors, "groups");
    assert!(groups.len() > 60);
    for group in groups {
        let bones = texts(array(group, "bones"));
        let selected = texts(array(group, "selected"));
        let chosen: Vec<usize> =
            (0..bones.len()).filter(|bone| selected.contains(&bones[*bone])).collect();
        let strip = group["strip_numbers"].as_bool().unwrap();
        let result = with_table(&bones, |names| readable(&flip_names(names, &chosen, strip)));
        assert_eq!(result, texts(array(group, "output")), "{group}");
    }
}

#[test]
fn sides_are_tagged_as_in_blender() {
    let vectors = load("autoside_names.json");
    let cases = array(&vectors, "cases");
    assert!(cases.len() >= 90);
    for case in cases {
        let axis = match case["axis"].as_str().unwrap() {
            "XAXIS" => 0,
            "YAXIS" => 1,
            _ => 2,
        };
        let bones = array(case, "bones");
        let names: Vec<String> =
            bones.iter().map(|b| b["name"].as_str().unwrap().to_string()).collect();
        let end = |key: &str| -> Vec<f32> {
            bones.iter().map(|b| b[key][axis].as_f64().unwrap() as f32).collect()
        };
        let all: Vec<usize> = (0..bones.len()).collect();
        let axis = Axis::from_number(axis as u32).unwrap();
        let result = with_table(&names, |table| {
            readable(&autoside_names(table, &all, axis, &end("head"), &end("tail")))
        });
        assert_eq!(result, texts(array(case, "output")), "{case}");
    }
}

#[test]
fn taken_names_get_the_number_that_blender_gives() {
    let vectors = load("unique_names.json");
    let cases = array(&vectors, "cases");
    assert!(cases.len() > 80);
    for case in cases {
        let existing = texts(array(case, "existing"));
        let from = case["rename"].as_str().unwrap();
        let bone = existing.iter().position(|name| name == from).expect("the bone");
        let to = case["to"].as_str().unwrap();
        let result = with_table(&existing, |names| {
            let mut renamer = Renamer::new(names);
            renamer.rename(bone, to.as_bytes());
            readable(&renamer).remove(bone)
        });
        assert_eq!(result, case["output"].as_str().unwrap(), "{case}");
    }
}

#[test]
fn new_selection_sets_get_the_name_that_blender_gives() {
    let vectors = load("unique_names.json");
    let cases = array(&vectors, "selection_set_cases");
    assert!(cases.len() > 30);
    for case in cases {
        let Some(output) = case["output"].as_str() else {
            // Blender fails on such names; here they get a number like others.
            assert!(case["error"].is_string(), "{case}");
            continue;
        };
        let name = case["name"].as_str().unwrap();
        let existing = texts(array(case, "existing"));
        let result = with_table(&existing, |sets| unique_name(sets, name.as_bytes()));
        assert_eq!(String::from_utf8(result).unwrap(), output, "{case}");
    }
}
