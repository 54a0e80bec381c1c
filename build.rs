//! Writes the C header from the sources and tells the tests which target they are built for.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-env-changed=LIMBER_WRITE_HEADER");
    println!("cargo:rustc-env=LIMBER_TARGET={}", env::var("TARGET").unwrap());

    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    let out = PathBuf::from(env::var("OUT_DIR").unwrap()).join("limber.h");
    let files = families(&root.join("src/capi"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    let builder =
        files.iter().fold(cbindgen::Builder::new().with_config(config), |b, f| b.with_src(f));
    let mut header = Vec::new();
    match builder.generate() {
        Ok(bindings) => bindings.write(&mut header),
        // The compiler reports a source error better than cbindgen does.
        Err(cbindgen::Error::ParseSyntaxError { .. }) => return,
        Err(error) => panic!("cbindgen: {error}"),
    }
    let header = String::from_utf8(header).expect("the header is UTF-8");
    let header = with_headings(tidy(&header), &files);
    fs::write(&out, header).expect("write the header");
    println!("cargo:rustc-env=LIMBER_GENERATED_HEADER={}", out.display());
    if env::var_os("LIMBER_WRITE_HEADER").is_some() {
        fs::copy(&out, root.join("include/limber.h")).expect("write include/limber.h");
    }
}

/// The sources of the C face, and only these: what the core calls by the same name is no part
/// of the header. The shared codes and views come first, then the families by name.
fn families(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("src/capi")
        .map(|entry| entry.expect("src/capi").path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs") && !path.ends_with("mod.rs"))
        .collect();
    files.sort_by_key(|path| {
        let name = path.file_name().unwrap_or_default().to_os_string();
        (name != "status.rs", name != "views.rs", name)
    });
    files
}

/// What cbindgen cannot be told: numbers in parentheses (`a LIMBER_X` must not become a
/// subtraction), comments that C89 reads as well, short comments on one line, defines of one kind
/// together, parameters that fill their lines.
fn tidy(header: &str) -> String {
    let lines: Vec<&str> = header.lines().map(str::trim_end).collect();
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        if line.trim() == "/**" && lines.get(at + 1).is_some_and(|l| l.trim() == "*/") {
            let indent = &line[..line.len() - 3];
            let text = lines[at].trim().trim_start_matches('*').trim();
            if indent.len() + text.len() + 8 <= 100 {
                out.push(format!("{indent}/** {text} */"));
                at += 2;
                continue;
            }
        }
        if line.starts_with("LIMBER_API") {
            let end = at + lines[at - 1..].iter().position(|l| l.ends_with(';')).unwrap_or(0);
            out.extend(declaration(&lines[at - 1..end].join(" ")));
            at = end;
            continue;
        }
        let blank_again = line.is_empty() && out.last().is_none_or(|last| last.is_empty());
        if !blank_again {
            out.push(plain(line));
        }
    }
    together(out).join("\n") + "\n"
}

fn plain(line: &str) -> String {
    let mut words = line.splitn(3, ' ');
    match (words.next(), words.next(), words.next()) {
        (Some("#define"), Some(name), Some(value)) if value.starts_with(['-', '(']) => {
            format!("#define {name} ({value})")
        }
        _ => match line.split_once(" // ").filter(|(code, _)| !code.starts_with(" *")) {
            Some((code, comment)) => format!("{} /* {comment} */", code.trim_end()),
            None => line.to_string(),
        },
    }
}

/// A function, its parameters filling the lines. Every struct has its typedef before.
fn declaration(text: &str) -> Vec<String> {
    let text = text.replace("struct ", "");
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.len() <= 100 {
        return vec![line];
    }
    let (head, parameters) = line.split_once('(').unwrap_or((&line, ""));
    let mut out = vec![format!("{head}(")];
    let mut current = String::from("   ");
    for parameter in parameters.split_inclusive(", ").map(str::trim) {
        if current.len() + 1 + parameter.len() > 100 {
            out.push(std::mem::replace(&mut current, String::from("   ")));
        }
        current.push(' ');
        current.push_str(parameter);
    }
    out.push(current);
    out
}

/// Takes out the blank lines between defines whose names begin with the same two words.
fn together(lines: Vec<String>) -> Vec<String> {
    let kind = |line: Option<&String>| -> Option<String> {
        let name = line?.strip_prefix("#define ")?.split(' ').next()?;
        Some(name.split('_').take(2).collect::<Vec<_>>().join("_"))
    };
    let mut out: Vec<String> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).is_some_and(|l| l.starts_with("/** ") && l.ends_with("*/"));
        let same =
            next && kind(out.last()).is_some() && kind(out.last()) == kind(lines.get(at + 2));
        if !(line.is_empty() && same) {
            out.push(line.clone());
        }
    }
    out
}

/// Puts the first line of a source file's own comment above the first of its functions.
fn with_headings(mut header: String, files: &[PathBuf]) -> String {
    for file in files {
        let source = fs::read_to_string(file).expect("a source of the C face");
        let title = source.lines().next().and_then(|line| line.strip_prefix("//! "));
        let name = source.split("extern \"C\" fn ").nth(1).and_then(|rest| rest.split('(').next());
        let (Some(title), Some(name)) = (title, name) else { continue };
        let place = header
            .find(&format!("LIMBER_API int32_t {name}("))
            .and_then(|at| header[..at].rfind("/**"));
        if let Some(at) = place {
            let rule = "-".repeat(94);
            let title = title.trim_end_matches(['.', ':', ';']);
            let title = match title.strip_prefix("C functions that ") {
                Some(rest) => rest[..1].to_uppercase() + &rest[1..],
                None => title.to_string(),
            };
            header.insert_str(at, &format!("/* {rule}\n * {title}\n * {rule} */\n\n"));
        }
    }
    header
}
