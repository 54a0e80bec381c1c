//! Writes the C header from the sources and tells the tests which target they are built for.

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-env-changed=LIMBER_WRITE_HEADER");
    println!("cargo:rustc-env=LIMBER_TARGET={}", env::var("TARGET").unwrap());

    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    let out = PathBuf::from(env::var("OUT_DIR").unwrap()).join("limber.h");
    // Only the C face: what the core calls by the same name is no part of the header.
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    let mut files: Vec<_> = fs::read_dir(root.join("src/capi"))
        .expect("src/capi")
        .map(|entry| entry.expect("src/capi").path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs") && !path.ends_with("mod.rs"))
        .collect();
    // The shared views and codes first, then the families by name.
    files.sort_by_key(|path| {
        let name = path.file_name().unwrap_or_default().to_os_string();
        (name != "status.rs", name != "views.rs", name)
    });
    let builder =
        files.iter().fold(cbindgen::Builder::new().with_config(config), |b, f| b.with_src(f));
    match builder.generate() {
        Ok(bindings) => {
            bindings.write_to_file(&out);
        }
        // The compiler reports a source error better than cbindgen does.
        Err(cbindgen::Error::ParseSyntaxError { .. }) => return,
        Err(error) => panic!("cbindgen: {error}"),
    }
    println!("cargo:rustc-env=LIMBER_GENERATED_HEADER={}", out.display());
    if env::var_os("LIMBER_WRITE_HEADER").is_some() {
        fs::copy(&out, root.join("include/limber.h")).expect("write include/limber.h");
    }
}
