//! Writes the specimen reports into a folder: `cargo run --example specimen -- FOLDER`.

use std::error::Error;
use std::path::{Path, PathBuf};

use tieout_report::{Paper, Report, canonical, csv_files, pdf, xlsx};

#[path = "../tests/specimen/mod.rs"]
mod specimen;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("the folder to write into is missing")?;
    let folder = PathBuf::from(folder);
    write(&folder, "workpaper", &specimen::workpaper())?;
    write(&folder, "hard", &specimen::hard())
}

fn write(folder: &Path, name: &str, report: &Report) -> Result<(), Box<dyn Error>> {
    let tables = folder.join(format!("{name}-csv"));
    std::fs::create_dir_all(&tables)?;
    for (paper, ending) in [(Paper::A4, "a4"), (Paper::Letter, "letter")] {
        std::fs::write(folder.join(format!("{name}-{ending}.pdf")), pdf(report, paper)?)?;
        std::fs::write(folder.join(format!("{name}-{ending}.xlsx")), xlsx(report, paper)?)?;
    }
    for file in csv_files(report)? {
        std::fs::write(tables.join(file.name), file.bytes)?;
    }
    std::fs::write(folder.join(format!("{name}.txt")), canonical(report))?;
    Ok(())
}
