//! Starting while an earlier instance is on its way out.
//!
//! Whoever closes the window and opens it again at once meets an instance that still has the name
//! on the session bus and answers nobody any more. A frame cannot be built twice in one process, so
//! the program starts itself anew until the name is free.

use std::fmt;
use std::time::Duration;

/// How often the program starts itself again; with the pause about six seconds.
const STARTS_MAX: u32 = 40;
const PAUSE: Duration = Duration::from_millis(150);
/// Counts the starts for the next one.
const COUNTED: &str = "TIEOUT_STARTED_AGAIN";
/// The plugin that knows the other instance.
const SINGLE_INSTANCE: &str = "single-instance";

/// Why there is no further start.
pub enum Ended {
    /// Something else failed.
    Other,
    /// The other instance neither ended nor answered.
    Occupied,
    /// The program could not be started again.
    Refused(std::io::Error),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other => Ok(()),
            Self::Occupied => f.write_str("; another Tieout is open and does not answer: end it"),
            Self::Refused(error) => write!(f, "; starting again failed: {error}"),
        }
    }
}

/// Starts the program again if this is why the window did not open.
pub fn after(error: &tauri::Error) -> Result<(), Ended> {
    match error {
        tauri::Error::PluginInitialization(plugin, _) if plugin == SINGLE_INSTANCE => {}
        _ => return Err(Ended::Other),
    }
    let counted = std::env::var(COUNTED).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    if counted >= STARTS_MAX {
        return Err(Ended::Occupied);
    }
    std::thread::sleep(PAUSE);
    start(counted + 1).map_err(Ended::Refused)
}

/// On Unix the process stays the same, so that whoever started it still has it.
fn start(counted: u32) -> std::io::Result<()> {
    let mut arguments = std::env::args_os();
    arguments.next();
    let mut program = std::process::Command::new(std::env::current_exe()?);
    program.args(arguments).env(COUNTED, counted.to_string());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(program.exec())
    }
    #[cfg(not(unix))]
    program.spawn().map(drop)
}
