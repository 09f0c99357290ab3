//! What both threads and the shell share: folders, preferences, listeners, the task under way.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tieout_connect::clock::Clock;
use tieout_engine::Cancel;
use tokio::sync::watch;
use zeroize::Zeroizing;

use super::events::{AppEvent, Events, ProgressView, Tag};
use super::preferences::Preferences;
use super::{AppOptions, Desktop, FailureView};
use crate::failure::Failure;
use crate::logged::Traffic;
use crate::machine::SystemClock;
use crate::sandbox::cannot_write;
use crate::workspace::{Opening, STORE_FILE};

const PREFERENCES_FILE: &str = "preferences.json";
const SAMPLE_FOLDER: &str = "sample";
/// There while the sample company is what the window shows.
const SAMPLE_OPEN_FILE: &str = "sample.open";

/// What is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Open {
    #[default]
    Nothing,
    Real,
    Sample,
}

/// What the window shows about the workspace as a whole.
#[derive(Clone, Default)]
pub(crate) struct Standing {
    pub open: Open,
    pub read_only: bool,
    /// Why the workspace did not open.
    pub failure: Option<FailureView>,
    pub running: Option<ProgressView>,
    pub cancel: Option<Cancel>,
    /// `undo` would take something back.
    pub undoable: bool,
    /// What went over the network since the workspace was opened; `None` where another instance
    /// has the network.
    pub traffic: Option<Arc<Traffic>>,
    /// The clock of the open workspace: the sample company lives in its own time.
    pub clock: Option<Arc<dyn Clock>>,
}

pub(crate) struct Home {
    pub folder: PathBuf,
    pub passphrase: Option<Zeroizing<String>>,
    pub desktop: Arc<dyn Desktop>,
    pub version: String,
    pub events: Events,
    pub sign_in: super::screens::connect::SignIn,
    /// True once the writer knows whether a workspace is open: nobody is told before that there is
    /// none.
    settled: watch::Sender<bool>,
    standing: Mutex<Standing>,
    preferences: Mutex<Preferences>,
}

impl Home {
    pub(crate) fn new(options: AppOptions) -> Result<Self, Failure> {
        let folder = options.home;
        std::fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, error))?;
        let preferences = Preferences::load(&folder.join(PREFERENCES_FILE));
        Ok(Self {
            folder,
            passphrase: options.passphrase,
            desktop: options.desktop,
            version: options.version,
            events: Events::default(),
            sign_in: super::screens::connect::SignIn::default(),
            settled: watch::Sender::new(false),
            standing: Mutex::default(),
            preferences: Mutex::new(preferences),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.standing().clock.map_or_else(|| SystemClock.now(), |clock| clock.now())
    }

    /// The workspace that was open last is open again, or is known not to open.
    pub(crate) fn settle(&self) {
        self.settled.send_replace(true);
    }

    /// Waits for that.
    pub(crate) async fn settled(&self) {
        // The sender lives as long as this does, so it never closes.
        let _ = self.settled.subscribe().wait_for(|settled| *settled).await;
    }

    pub(crate) fn standing(&self) -> Standing {
        self.standing.lock().expect("nobody panics with it").clone()
    }

    pub(crate) fn stand(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut self.standing.lock().expect("nobody panics with it"));
    }

    pub(crate) fn preferences(&self) -> Preferences {
        self.preferences.lock().expect("nobody panics with it").clone()
    }

    /// Keeps them on disk first: what a window shows as chosen is chosen.
    pub(crate) fn keep(&self, after: Preferences) -> Result<(), Failure> {
        after.save(&self.folder.join(PREFERENCES_FILE))?;
        *self.preferences.lock().expect("nobody panics with it") = after;
        self.changed(&[Tag::Preferences]);
        Ok(())
    }

    /// Who decides here.
    pub(crate) fn person(&self) -> String {
        let chosen = self.preferences().person;
        match chosen.trim() {
            "" => crate::machine::account_name().unwrap_or_else(|| "user of this computer".into()),
            name => name.to_owned(),
        }
    }

    pub(crate) fn changed(&self, tags: &[Tag]) {
        self.events.tell(&AppEvent::Changed { tags: tags.to_vec() });
    }

    pub(crate) fn progress(&self, progress: ProgressView) {
        self.stand(|standing| standing.running = Some(progress.clone()));
        self.events.tell(&AppEvent::Progress { progress });
    }

    pub(crate) fn ended(&self, task: &'static str) {
        self.stand(|standing| {
            standing.running = None;
            standing.cancel = None;
        });
        self.events.tell(&AppEvent::Ended { task });
    }

    /// Stops what runs at its next safe point.
    pub(crate) fn cancel(&self) {
        self.sign_in.cancel();
        if let Some(cancel) = self.standing().cancel {
            cancel.request();
        }
    }

    pub(crate) fn sample_folder(&self) -> PathBuf {
        self.folder.join(SAMPLE_FOLDER)
    }

    pub(crate) fn has_workspace(&self) -> bool {
        self.folder.join(STORE_FILE).is_file()
    }

    /// Whether the sample company was what the window showed last.
    pub(crate) fn showed_sample(&self) -> bool {
        self.folder.join(SAMPLE_OPEN_FILE).exists()
            && self.sample_folder().join(STORE_FILE).is_file()
    }

    pub(crate) fn show_sample(&self, shown: bool) -> Result<(), Failure> {
        let mark = self.folder.join(SAMPLE_OPEN_FILE);
        let done = match shown {
            true => std::fs::File::create(&mark).map(drop),
            false => match std::fs::remove_file(&mark) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
                other => other,
            },
        };
        done.map_err(|error| cannot_write(&mark, error))
    }

    /// How the real workspace, or the sample company, is opened.
    pub(crate) fn opening(&self, sample: bool) -> Opening {
        let folder = if sample { self.sample_folder() } else { self.folder.clone() };
        Opening { folder, passphrase: self.passphrase.clone(), create: false, ca_pem: None }
    }
}

/// Writes a small file whole or not at all.
pub(crate) fn written_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fresh = path.with_extension("new");
    let whole = || {
        let mut file = std::fs::File::create(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    };
    whole().map_err(|error| cannot_write(path, error))
}
