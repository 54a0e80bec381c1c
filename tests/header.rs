//! The committed header is the generated one, and says what the library exports.

mod common;

use common::compile::shared_library;
use common::header::{Header, committed_text};
use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = std::fs::read_to_string(env!("LIMBER_GENERATED_HEADER")).unwrap();
    let committed = committed_text();
    let different = committed
        .lines()
        .chain(std::iter::repeat("<end>"))
        .zip(generated.lines().chain(std::iter::once("<end>")))
        .enumerate()
        .find(|(_, (committed, generated))| committed != generated);
    assert!(
        committed == generated,
        "include/limber.h is stale; write it anew with\n    LIMBER_WRITE_HEADER=1 cargo build\n\
         first difference (line from 0, (committed, generated)): {different:?}"
    );
}

#[test]
fn the_header_has_the_version_of_the_package() {
    let header = Header::committed();
    let number = |part: &str| header.defines[&format!("LIMBER_VERSION_{part}")].clone();
    let version = [number("MAJOR"), number("MINOR"), number("PATCH")].join(".");
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_header_declares_exactly_what_the_library_exports() {
    let output = Command::new("nm")
        .args(["-D", "--defined-only"])
        .arg(shared_library())
        .output()
        .expect("nm, of the package binutils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let exported: BTreeSet<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().last())
        .map(|name| name.split('@').next().unwrap_or_default().to_string())
        .filter(|name| name.starts_with("limber_"))
        .collect();
    let declared: BTreeSet<String> = Header::committed().functions.into_keys().collect();
    assert!(declared.contains("limber_version"), "the header could not be read: {declared:?}");
    assert_eq!(exported, declared);
}

#[test]
fn status_numbers_are_distinct_and_negative() {
    let header = Header::committed();
    let statuses = header.statuses();
    let names = header.defines.keys().filter(|name| name.starts_with("LIMBER_STATUS_")).count();
    assert_eq!(statuses.len(), names, "two statuses share a number");
    for (number, name) in statuses {
        assert!(if name == "LIMBER_STATUS_OK" { number == 0 } else { number < 0 }, "{name}");
    }
}

#[test]
fn every_view_begins_with_its_size() {
    // Packed element records are passed by the array, and a size in each would be waste.
    let header = Header::committed();
    let arrays = ["LimberKey", "LimberRecordBlock"];
    for (name, fields) in header.structs {
        if !arrays.contains(&name.as_str()) {
            assert_eq!(fields[0].name, "struct_size", "{name}");
            assert_eq!(fields[0].kind, "size_t", "{name}");
        }
    }
}

#[test]
fn every_function_is_documented() {
    let text = committed_text();
    for name in Header::committed().functions.keys() {
        let at = text.find(&format!("LIMBER_API int32_t {name}(")).expect(name);
        assert!(text[..at].trim_end().ends_with("*/"), "{name} has no comment");
    }
}
