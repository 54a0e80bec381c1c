//! The C and C++ compilers, and the built library beside the test program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One way to compile a program.
#[derive(Clone, Copy, Debug)]
pub struct Language {
    pub name: &'static str,
    pub cpp: bool,
    pub flag: &'static str,
}

/// The languages that the header promises.
pub const LANGUAGES: [Language; 4] = [
    Language { name: "c99", cpp: false, flag: "-std=c99" },
    Language { name: "c11", cpp: false, flag: "-std=c11" },
    Language { name: "cpp11", cpp: true, flag: "-std=c++11" },
    Language { name: "cpp17", cpp: true, flag: "-std=c++17" },
];

/// Which library a program is linked with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Link {
    Shared,
    Static,
}

/// A folder of this test run for programs.
pub fn work_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder for programs");
    folder
}

/// Where cargo puts the library that belongs to this test program.
pub fn library_folder() -> PathBuf {
    let program = std::env::current_exe().expect("the test program");
    program.parent().expect("its folder").to_path_buf()
}

/// The shared library.
pub fn shared_library() -> PathBuf {
    let name = format!("{}limber{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let path = library_folder().join(name);
    assert!(path.is_file(), "no library at {}", path.display());
    path
}

fn compiler(language: Language) -> Command {
    let target = env!("LIMBER_TARGET");
    cc::Build::new()
        .cpp(language.cpp)
        .target(target)
        .host(target)
        .opt_level(1)
        .cargo_metadata(false)
        .get_compiler()
        .to_command()
}

/// Compiles one source file to a program; warnings are errors.
pub fn build(
    source: &Path,
    language: Language,
    link: Link,
    extra: &[&str],
    program: &Path,
) -> Result<(), String> {
    let mut command = compiler(language);
    command.args(["-Wall", "-Wextra", "-Werror", "-pedantic", language.flag, "-g"]);
    command.args(["-x", if language.cpp { "c++" } else { "c" }]);
    command.arg(source).args(["-x", "none"]);
    command.arg("-I").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("include"));
    command.args(extra).arg("-o").arg(program);
    match link {
        Link::Shared => {
            let mut rpath = OsString::from("-Wl,-rpath,");
            rpath.push(library_folder());
            command.arg(shared_library()).arg(rpath);
        }
        Link::Static => {
            command.arg(library_folder().join("liblimber.a"));
            if cfg!(target_os = "linux") {
                command.args(["-lpthread", "-ldl"]);
            }
        }
    }
    command.args(["-lm", "-pthread"]);
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let arguments: Vec<_> = command.get_args().collect();
    Err(format!("{:?} {arguments:?}\n{}", command.get_program(), text(&output)))
}

/// Runs a program and returns what it printed; fails with it if it does not end well.
pub fn run(program: &Path) -> Result<String, String> {
    let output = Command::new(program)
        // Beside the linked-in path, for systems that look there only.
        .env("LD_LIBRARY_PATH", library_folder())
        .env("DYLD_LIBRARY_PATH", library_folder())
        .env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0")
        .env("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{}: {}\n{}", program.display(), output.status, text(&output)))
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
