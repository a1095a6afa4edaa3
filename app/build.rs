//! Has cargo notice new migration folders: the macro that embeds them can only watch files that it has read.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
    println!("cargo::rerun-if-changed=../diesel.toml");
}
