//! What a person chose on this computer. None of it changes a figure.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::home::written_whole;
use crate::failure::Failure;

/// Views that may be saved.
const VIEWS_MAX: usize = 100;
/// Fields of the address that a saved view keeps.
const VIEW_FIELDS_MAX: usize = 32;
/// Longest text in a saved view.
const VIEW_BYTES_MAX: usize = 4_096;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $first:ident $(, $rest:ident)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { #[default] $first $(, $rest)* }
    };
}

words!(Theme { System, Light, Dark });
words!(Density { Standard, Compact, Comfortable });
words!(NegativeStyle { Brackets, Minus });
words!(PaperChoice { A4, Letter });
words!(
    /// Minutes between two runs while the program is open.
    Schedule { Off, Every15, Every30, Every60, Every240 }
);

impl Schedule {
    /// Seconds between two runs.
    pub(crate) const fn secs(self) -> Option<i64> {
        match self {
            Self::Off => None,
            Self::Every15 => Some(15 * 60),
            Self::Every30 => Some(30 * 60),
            Self::Every60 => Some(60 * 60),
            Self::Every240 => Some(240 * 60),
        }
    }
}

/// Which causes notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Notices {
    pub finished: bool,
    pub failed: bool,
    pub sign_in: bool,
    pub unknown: bool,
    pub limit: bool,
}

impl Default for Notices {
    fn default() -> Self {
        Self { finished: false, failed: true, sign_in: true, unknown: true, limit: true }
    }
}

/// A view of a list that a person named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedView {
    pub screen: String,
    pub name: String,
    /// Fields of the address: columns, sort, filters, text.
    pub search: BTreeMap<String, String>,
}

/// Everything that is kept for this computer. What an older version did not know is preset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Preferences {
    pub theme: Theme,
    pub density: Density,
    pub negative: NegativeStyle,
    pub single_keys: bool,
    pub hide_amounts: bool,
    pub autostart: bool,
    pub keep_in_tray: bool,
    pub schedule: Schedule,
    pub paper: PaperChoice,
    pub notify: Notices,
    /// Who decides here; empty: the name of this computer's account.
    pub person: String,
    pub saved_views: Vec<SavedView>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            density: Density::default(),
            negative: NegativeStyle::default(),
            single_keys: true,
            hide_amounts: false,
            autostart: false,
            keep_in_tray: false,
            schedule: Schedule::default(),
            paper: PaperChoice::default(),
            notify: Notices::default(),
            person: String::new(),
            saved_views: Vec::new(),
        }
    }
}

impl Preferences {
    /// As they were kept. A file that cannot be read is put aside by the next change; the window
    /// opens with presets, since nothing in it is worth a refusal.
    pub(crate) fn load(path: &Path) -> Self {
        let Ok(text) = std::fs::read(path) else { return Self::default() };
        serde_json::from_slice(&text).unwrap_or_else(|error| {
            tracing::warn!(%error, "the preferences cannot be read; presets are used");
            Self::default()
        })
    }

    pub(crate) fn save(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(self).expect("words and flags always serialise");
        written_whole(path, &text)
    }

    /// The same with these fields changed.
    pub(crate) fn changed(&self, by: PreferenceChange) -> Self {
        let mut after = self.clone();
        let PreferenceChange {
            theme,
            density,
            negative,
            single_keys,
            hide_amounts,
            autostart,
            keep_in_tray,
            schedule,
            paper,
            notify,
            person,
            saved_views,
        } = by;
        set(&mut after.theme, theme);
        set(&mut after.density, density);
        set(&mut after.negative, negative);
        set(&mut after.single_keys, single_keys);
        set(&mut after.hide_amounts, hide_amounts);
        set(&mut after.autostart, autostart);
        set(&mut after.keep_in_tray, keep_in_tray);
        set(&mut after.schedule, schedule);
        set(&mut after.paper, paper);
        set(&mut after.notify, notify);
        set(&mut after.person, person);
        set(&mut after.saved_views, saved_views.map(bounded));
        after
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn bounded(views: Vec<SavedView>) -> Vec<SavedView> {
    let short = |text: &String| text.len() <= VIEW_BYTES_MAX;
    let fits = |view: &SavedView| {
        let fields = view.search.iter().all(|(name, value)| short(name) && short(value));
        short(&view.screen) && short(&view.name) && fields && view.search.len() <= VIEW_FIELDS_MAX
    };
    views.into_iter().filter(fits).take(VIEWS_MAX).collect()
}

/// What changes; the rest stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct PreferenceChange {
    pub theme: Option<Theme>,
    pub density: Option<Density>,
    pub negative: Option<NegativeStyle>,
    pub single_keys: Option<bool>,
    pub hide_amounts: Option<bool>,
    pub autostart: Option<bool>,
    pub keep_in_tray: Option<bool>,
    pub schedule: Option<Schedule>,
    pub paper: Option<PaperChoice>,
    pub notify: Option<Notices>,
    pub person: Option<String>,
    pub saved_views: Option<Vec<SavedView>>,
}
