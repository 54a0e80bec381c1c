//! C and C++ programs use the library, shared and static: every source of `tests/c` compiles with
//! all warnings as errors in each language that the header promises, runs, and runs again under
//! the address, leak and undefined-behaviour sanitizers.

mod common;

use common::compile::{LANGUAGES, Language, Link, build, run, work_folder};
use common::header::{Header, Item};
use std::fmt::Write;
use std::path::{Path, PathBuf};

const SANITIZE: [&str; 3] =
    ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

fn sources() -> Vec<PathBuf> {
    let mut list = Vec::new();
    for folder in ["tests/c", "examples/c"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        list.extend(entries.map(|entry| entry.unwrap().path()));
    }
    list.retain(|path| path.extension().is_some_and(|e| e == "c" || e == "cpp"));
    list.sort();
    assert!(!list.is_empty());
    list
}

/// A source ending in .cpp is C++ alone; one in .c is both, but an example is C alone.
fn speaks(source: &Path, language: Language) -> bool {
    let c = source.extension().is_some_and(|e| e == "c");
    let example = source.components().any(|part| part.as_os_str() == "examples");
    if language.cpp { !(c && example) } else { c }
}

#[test]
fn the_quick_start_prints_what_its_comment_says() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/c/quick_start.c");
    let text = std::fs::read_to_string(&source).unwrap();
    let printed = text.split("location[2]); /* ").nth(1).and_then(|rest| rest.split(" */").next());
    let program = work_folder("programs").join("quick_start");
    build(&source, LANGUAGES[0], Link::Shared, &[], &program).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(Some(run(&program).unwrap().trim()), printed);
}

#[test]
fn the_readme_shows_the_quick_start() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let shown = readme.split("```c\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let source = std::fs::read_to_string(root.join("examples/c/quick_start.c")).unwrap();
    assert!(
        source.ends_with(shown),
        "examples/c/quick_start.c does not end with the README's C example"
    );
}

fn build_and_run(source: &Path, language: Language, link: Link, extra: &[&str], folder: &str) {
    let stem = source.file_stem().unwrap().to_string_lossy();
    let program = work_folder(folder).join(format!("{stem}-{}-{link:?}", language.name));
    build(source, language, link, extra, &program).unwrap_or_else(|error| panic!("{error}"));
    run(&program).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn programs_linked_shared() {
    for source in sources() {
        for language in LANGUAGES.into_iter().filter(|language| speaks(&source, *language)) {
            build_and_run(&source, language, Link::Shared, &[], "programs");
        }
    }
}

#[test]
fn programs_linked_static() {
    for source in sources() {
        for language in [LANGUAGES[0], LANGUAGES[3]] {
            if speaks(&source, language) {
                build_and_run(&source, language, Link::Static, &[], "programs");
            }
        }
    }
}

#[test]
fn programs_under_the_sanitizers() {
    for source in sources() {
        for language in [LANGUAGES[1], LANGUAGES[3]] {
            if speaks(&source, language) {
                build_and_run(&source, language, Link::Shared, &SANITIZE, "sanitized");
            }
        }
    }
}

#[test]
fn the_sanitizers_are_at_work() {
    let folder = work_folder("sanitized");
    let faults = [
        ("overflow", "char *p = (char *)malloc(4); p[limber_threads() * 0 + 4] = 1; free(p);"),
        ("leak", "static char *volatile p; p = (char *)malloc(40); if (p) p[0] = 1; p = NULL;"),
        ("undefined", "volatile int big = 2147483647; big = big + limber_threads();"),
    ];
    for (name, fault) in faults {
        let source = folder.join(format!("fault_{name}.c"));
        let text = format!(
            "#include \"limber.h\"\n#include <stdlib.h>\nint main(void) {{ {fault} return 0; }}\n"
        );
        std::fs::write(&source, text).unwrap();
        let program = folder.join(format!("fault_{name}"));
        build(&source, LANGUAGES[1], Link::Shared, &SANITIZE, &program)
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(run(&program).is_err(), "the sanitizers did not notice: {name}");
    }
}

/// A C expression for one hostile argument: round 0 to 3 are NULL and an extreme number, round 4
/// a buffer of zeroes: for a view a struct_size of 0.
fn hostile_argument(item: &Item, round: usize) -> String {
    if item.is_pointer() {
        let cast = item.kind.trim();
        return if round == 4 { format!("({cast})(void *)zeroes") } else { "NULL".to_string() };
    }
    let numbers = match item.kind.as_str() {
        "float" | "double" => ["0.0f", "(float)NAN", "(float)INFINITY", "-1e30f", "0.0f"],
        "size_t" => ["0", "SIZE_MAX", "SIZE_MAX / 2", "1", "0"],
        "int32_t" => ["0", "INT32_MAX", "INT32_MIN", "-1", "0"],
        "uint32_t" => ["0", "UINT32_MAX", "0x80000000u", "12345u", "0"],
        "uint8_t" | "uint64_t" | "int64_t" => ["0", "255", "128", "1", "0"],
        other => panic!("{}: what is {other}?", item.name),
    };
    numbers[round].to_string()
}

/// Nothing may be written but the size of a text that exists: state 0 has one, of the zeroes only
/// the first takes its size.
#[test]
fn a_c_program_calls_every_function_with_nothing() {
    let mut body = String::new();
    for (name, parameters) in Header::committed().functions {
        for round in 0..5 {
            let list: Vec<_> = parameters.iter().map(|p| hostile_argument(p, round)).collect();
            writeln!(body, "    CHECK(is_status({name}({})));", list.join(", ")).unwrap();
            writeln!(body, "    CHECK(is_clean(\"{name}\", {round}));").unwrap();
        }
    }
    let source = format!(
        "#include \"{check}\"\n\n\
         static uint64_t zeroes[4096];\n\n\
         static int is_status(int32_t status)\n{{\n    \
             return status != LIMBER_STATUS_PANIC && status >= -99;\n}}\n\n\
         static int is_clean(const char *name, int round)\n{{\n    size_t i;\n    \
             for (i = 0; i < 4096; ++i) {{\n        \
                 if (zeroes[i] != 0 && strcmp(name, \"limber_last_error\") != 0 &&\n            \
                     (i != 0 || strcmp(name, \"limber_state_text\") != 0)) {{\n            \
                     fprintf(stderr, \"%s wrote in round %d\\n\", name, round);\n            \
                     return 0;\n        }}\n        zeroes[i] = 0;\n    }}\n    \
             return 1;\n}}\n\n\
         int main(void)\n{{\n{body}    return 0;\n}}\n",
        check = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c/check.h").display(),
    );
    let path = work_folder("sanitized").join("every_function.c");
    std::fs::write(&path, source).unwrap();
    for language in [LANGUAGES[1], LANGUAGES[3]] {
        build_and_run(&path, language, Link::Shared, &SANITIZE, "sanitized");
    }
}
