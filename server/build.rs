//! Lists the files of the site for a release binary to carry: those of ROUNDS_SITE_DIR at build time, else of target/site,
//! where `cargo x bundle` puts them. A debug binary carries none and reads the folder when it starts.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=ROUNDS_SITE_DIR");
    println!("cargo::rerun-if-changed=migrations");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = env::var_os("ROUNDS_SITE_DIR").map_or_else(|| here.join("../target/site"), PathBuf::from);
    println!("cargo::rustc-env=ROUNDS_BUILT_SITE={}", folder.display());

    let mut list = String::new();
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") && folder.is_dir() {
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(&folder.canonicalize()?, "", &mut list)?;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("site.rs"), format!("&[{list}]"))
}

fn collect(folder: &Path, prefix: &str, list: &mut String) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), list)?;
        } else {
            list.push_str(&format!("({name:?}, include_bytes!({path:?})),"));
        }
    }
    Ok(())
}
