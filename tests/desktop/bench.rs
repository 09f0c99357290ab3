//! How fast the window is: prints one JSON document, asserts nothing.

fn main() {}
