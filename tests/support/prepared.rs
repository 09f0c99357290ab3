//! Workspaces that many tests begin with, made once per build of a test program and copied.
//!
//! Test runners start one process per test, so what is prepared lies on disk, beside the build.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::world::World;

/// Where in its story a workspace of the sample company stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// 2 July 17:30: signed in to both sides, nothing read.
    Connected,
    /// 2 July 17:30: everything read once, writing turned on, nothing created.
    Read,
    /// 6 July, after the whole demonstration.
    Played,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Read => "read",
            Self::Played => "played",
        }
    }
}

/// A copy of the workspace at this stage, in `folder`.
pub fn copy(stage: Stage, folder: &Path) {
    let shelf = shelf();
    fs::create_dir_all(&shelf).expect("the build folder can be written");
    let made = shelf.join(stage.name());
    if !made.is_dir() {
        let lock = File::create(shelf.join(format!("{}.lock", stage.name())));
        let lock = lock.expect("the build folder can be written");
        lock.lock().expect("a lock of our own is given");
        if !made.is_dir() {
            let fresh = tempfile::tempdir_in(&shelf).expect("the build folder can be written");
            World::make(stage, fresh.path());
            fs::rename(fresh.keep(), &made).expect("the name is free under the lock");
        }
    }
    copy_folder(&made, folder);
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder for the copy");
    for entry in fs::read_dir(from).expect("a folder that is there") {
        let entry = entry.expect("an entry of a folder that is there");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file that is there");
        }
    }
}

/// One shelf per build of this test program: another build plays its own story.
fn shelf() -> PathBuf {
    let program = std::env::current_exe().expect("a program knows where it lies");
    let built = fs::metadata(&program).and_then(|about| about.modified());
    let built = built.expect("a program that runs is there").duration_since(UNIX_EPOCH);
    let built = built.expect("it was built after 1970").as_nanos();
    let name = program.file_name().expect("a program has a name").to_string_lossy().into_owned();
    let folder = program.parent().expect("a program lies in a folder");
    let worlds = folder.join("../tieout-worlds");
    let shelf = worlds.join(format!("{name}-{built}"));
    if !shelf.is_dir() {
        clear_older(&worlds, &name);
    }
    shelf
}

/// Removes the shelves of earlier builds of this program. Another process may do so as well.
fn clear_older(worlds: &Path, name: &str) {
    let stem = name.rsplit_once('-').map_or(name, |(stem, _)| stem);
    for entry in fs::read_dir(worlds).into_iter().flatten().flatten() {
        let found = entry.file_name().to_string_lossy().into_owned();
        if found.starts_with(&format!("{stem}-")) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
