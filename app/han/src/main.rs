//! `han FILE` writes the table into a file.

fn main() -> std::io::Result<()> {
    match std::env::args_os().nth(1) {
        Some(file) => std::fs::write(file, han::table()),
        None => Err(std::io::Error::other("say which file to write")),
    }
}
