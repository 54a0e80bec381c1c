//! Drives every exported function with arguments that no program should pass. Whatever they are:
//! a status and a message, never a crash, a hang or a panic, and no output changed by a refusal.
//!
//! A case is one good call; the test spoils it slot by slot. A function of the header without a
//! case fails the test: add one to the file of its family.
#![allow(unsafe_code)]
#![cfg(unix)]

mod attack;
mod cases;
#[path = "../common/mod.rs"]
mod common;
mod memory;
mod proof;
mod slot;

use attack::Attacker;
use common::header::Header;
use std::collections::BTreeSet;
use std::sync::Mutex;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn every_exported_function_has_a_case() {
    let declared: BTreeSet<String> = Header::committed().functions.into_keys().collect();
    let covered: BTreeSet<String> = cases::all().iter().map(|case| case.name.to_string()).collect();
    let missing: Vec<_> = declared.difference(&covered).collect();
    assert!(missing.is_empty(), "no hostile case in tests/hostile/cases for {missing:#?}");
}

/// One attack at a time: the alarm and the name of the running call are the process's.
static ONE: Mutex<()> = Mutex::new(());

#[test]
fn hostile_arguments_are_refused_without_harm() {
    let _one = ONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    memory::crash::install();
    let header = Header::committed();
    let seed = number("LIMBER_TEST_SEED", 1);
    let random = number("LIMBER_TEST_HOSTILE", 300) as usize;
    let mut calls = 0;
    for case in cases::all() {
        let mut attacker = Attacker::new(&case, &header);
        attacker.run(random, seed);
        calls += attacker.calls;
    }
    println!("{calls} hostile calls");
}
