//! Writes inputs out of the sandbox's own answers into a folder for each target of bodies, with
//! every list cut to its first few elements: `cargo run --example seed -- corpus`.

use std::path::Path;

use serde_json::Value;
use tieout_fuzz::wire::FIRST_LETTER;
use tieout_fuzz::{quickbooks, salesforce};

/// Elements of a list that are kept.
const ELEMENTS_MAX: usize = 2;
/// Longest body that is kept.
const BYTES_MAX: usize = 20_000;
/// Lists whose every element answers a question of its own.
const ANSWERS: [&str; 3] = ["BatchItemResponse", "compositeResponse", "results"];

fn main() {
    let into = std::env::args().nth(1).expect("a folder");
    let into = Path::new(&into);
    let names = salesforce::operations().iter().map(|it| format!("{it:?}")).collect();
    write(&into.join("salesforce"), names, &salesforce::recorded().1);
    let names = quickbooks::operations().iter().map(|it| format!("{it:?}")).collect();
    write(&into.join("quickbooks"), names, &quickbooks::recorded().1);
}

fn write(folder: &Path, names: Vec<String>, bodies: &[Vec<bytes::Bytes>]) {
    std::fs::create_dir_all(folder).expect("the folder is ours");
    for (operation, (name, bodies)) in names.iter().zip(bodies).enumerate() {
        for (skip, body) in bodies.iter().enumerate().take(4) {
            let body = match serde_json::from_slice::<Value>(body) {
                Ok(mut value) => {
                    cut(&mut value);
                    value.to_string().into_bytes()
                }
                Err(_) => body.to_vec(),
            };
            let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            if body.len() <= BYTES_MAX {
                let file = folder.join(format!("{}-{skip}", letters.to_lowercase()));
                let letter = |index: usize| FIRST_LETTER + u8::try_from(index).expect("few");
                let status = FIRST_LETTER;
                let case = [&[letter(operation), letter(skip), status], &body[..]].concat();
                std::fs::write(file, case).expect("it is ours");
            }
        }
    }
}

fn cut(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(cut),
        Value::Object(map) => {
            for (name, inner) in map {
                if let (Value::Array(list), false) = (&mut *inner, ANSWERS.contains(&name.as_str()))
                {
                    list.truncate(ELEMENTS_MAX);
                }
                cut(inner);
            }
        }
        _ => {}
    }
}
