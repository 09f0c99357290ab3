//! The simulated Salesforce, QuickBooks Online and Xero of a sample workspace, with their state on
//! disk.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tieout_connect::transport::{Transport, TransportError};
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::salesforce::SalesforceSim;
use tieout_sim::sample::Company;
use tieout_sim::xero::XeroSim;
use tieout_xero::App;

use crate::codes::Code;
use crate::failure::{Failure, is_full};
use crate::in_process::SandboxNetwork;

/// Folder of the simulators' state inside a sample workspace.
pub const SANDBOX_FOLDER: &str = "sandbox";
/// Where the simulators live inside this process. Nothing listens there.
pub const SALESFORCE_AUTHORITY: &str = "127.0.0.1:1";
/// See `SALESFORCE_AUTHORITY`.
pub const QUICKBOOKS_AUTHORITY: &str = "127.0.0.1:2";
/// See `SALESFORCE_AUTHORITY`.
pub const XERO_AUTHORITY: &str = "127.0.0.1:3";

const CLOCK_FILE: &str = "clock";
const SALESFORCE_FILE: &str = "salesforce.json";
const QUICKBOOKS_FILE: &str = "quickbooks.json";
/// Samples of earlier versions have none: nobody has worked there yet.
const XERO_FILE: &str = "xero.json";
/// There from before a demo changes anything until the simulators' state is saved. While it is
/// there, the store may know more than the saved simulators do.
const UNFINISHED_FILE: &str = "unfinished";

/// The simulators on one virtual clock.
#[derive(Clone)]
pub struct Sandbox {
    pub clock: SimClock,
    pub salesforce: SalesforceSim,
    pub quickbooks: QuickBooksSim,
    pub xero: XeroSim,
}

impl Sandbox {
    /// The sample company as it stood at `at`; whatever its clerks did later happens when the
    /// clock passes it.
    pub fn sample(at: Timestamp) -> Self {
        let clock = SimClock::at(at);
        let company = Company::alder_quay();
        Self {
            salesforce: SalesforceSim::sample(clock.clone(), &company),
            quickbooks: QuickBooksSim::sample(clock.clone(), &company),
            xero: xero(clock.clone(), &company),
            clock,
        }
    }

    /// A network that ends at these simulators.
    pub fn network(&self) -> Arc<dyn Transport> {
        Arc::new(
            SandboxNetwork::new()
                .with(SALESFORCE_AUTHORITY, self.salesforce.router())
                .with(QUICKBOOKS_AUTHORITY, self.quickbooks.router())
                .with(XERO_AUTHORITY, self.xero.router()),
        )
    }

    /// The same network, which keeps what a request changed before it gives the answer: whatever
    /// the store has learnt is in the simulators of the next command too, even if this one is
    /// killed.
    pub(crate) fn keeping_network(&self, workspace: &Path) -> Arc<dyn Transport> {
        Arc::new(Keeping {
            network: self.network(),
            sandbox: self.clone(),
            workspace: workspace.to_owned(),
        })
    }

    /// Whether the workspace in this folder is a sample workspace. One whose demo was cut off is
    /// one too: it must never be opened against the real network and the real time.
    pub fn is_in(workspace: &Path) -> bool {
        workspace.join(SANDBOX_FOLDER).join(CLOCK_FILE).is_file() || Self::is_unfinished(workspace)
    }

    /// Whether the state of the simulators and their clock is there.
    pub(crate) fn is_whole(workspace: &Path) -> bool {
        let folder = workspace.join(SANDBOX_FOLDER);
        let needed = [CLOCK_FILE, SALESFORCE_FILE, QUICKBOOKS_FILE];
        needed.iter().all(|name| folder.join(name).is_file())
    }

    /// The files that hold the simulators' state.
    pub(crate) fn state_files(workspace: &Path) -> [PathBuf; 4] {
        let folder = workspace.join(SANDBOX_FOLDER);
        [CLOCK_FILE, SALESFORCE_FILE, QUICKBOOKS_FILE, XERO_FILE].map(|name| folder.join(name))
    }

    /// Whether a demo is under way here or was cut off.
    pub(crate) fn is_unfinished(workspace: &Path) -> bool {
        workspace.join(SANDBOX_FOLDER).join(UNFINISHED_FILE).exists()
    }

    /// Says on disk that the store may run ahead of the simulators from here.
    pub(crate) fn mark_unfinished(workspace: &Path) -> Result<(), Failure> {
        let folder = workspace.join(SANDBOX_FOLDER);
        let mark = folder.join(UNFINISHED_FILE);
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::File::create(&mark)?.sync_all())
            .map_err(|error| cannot_write(&mark, error))
    }

    /// Takes the mark away, once the simulators are saved.
    pub(crate) fn mark_finished(workspace: &Path) -> Result<(), Failure> {
        let mark = workspace.join(SANDBOX_FOLDER).join(UNFINISHED_FILE);
        std::fs::remove_file(&mark).map_err(|error| cannot_write(&mark, error))
    }

    /// The simulators as an earlier command left them.
    pub fn load(workspace: &Path) -> Result<Self, Failure> {
        if Self::is_unfinished(workspace) {
            let detail = "a demo is under way in this workspace or was cut off; \
                          `tieout demo` begins its sample company anew";
            return Err(Failure::new(Code::Interrupted, detail));
        }
        Self::load_state(workspace)
    }

    /// The same while the demo that marked the workspace goes on with it.
    pub(crate) fn load_state(workspace: &Path) -> Result<Self, Failure> {
        let folder = workspace.join(SANDBOX_FOLDER);
        let clock = read(&folder, CLOCK_FILE)?;
        let clock: Timestamp = String::from_utf8_lossy(&clock)
            .trim()
            .parse()
            .map_err(|error| damaged(CLOCK_FILE, error))?;
        let sandbox = Self::sample(clock);
        let salesforce = sandbox.salesforce.restore(&read(&folder, SALESFORCE_FILE)?);
        salesforce.map_err(|error| damaged(SALESFORCE_FILE, error))?;
        let quickbooks = sandbox.quickbooks.restore(&read(&folder, QUICKBOOKS_FILE)?);
        quickbooks.map_err(|error| damaged(QUICKBOOKS_FILE, error))?;
        if folder.join(XERO_FILE).is_file() {
            let xero = sandbox.xero.restore(&read(&folder, XERO_FILE)?);
            xero.map_err(|error| damaged(XERO_FILE, error))?;
        }
        Ok(sandbox)
    }

    /// Keeps the simulators' state, each file replaced as a whole.
    pub fn save(&self, workspace: &Path) -> Result<(), Failure> {
        let folder = workspace.join(SANDBOX_FOLDER);
        std::fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, error))?;
        write(&folder, SALESFORCE_FILE, &self.salesforce.snapshot())?;
        write(&folder, QUICKBOOKS_FILE, &self.quickbooks.snapshot())?;
        write(&folder, XERO_FILE, &self.xero.snapshot())?;
        write(&folder, CLOCK_FILE, self.clock.now().to_string().as_bytes())
    }
}

/// The simulated Xero with our app, whose redirect addresses are registered exactly.
fn xero(clock: SimClock, company: &Company) -> XeroSim {
    let xero = XeroSim::sample(clock, company);
    let mut redirects = xero.config().registered_redirects;
    redirects.extend(App::callback_urls());
    let registered = xero.switch(&serde_json::json!({ "registered_redirects": redirects }));
    registered.expect("an app has redirect addresses");
    xero
}

/// See `Sandbox::keeping_network`.
struct Keeping {
    network: Arc<dyn Transport>,
    sandbox: Sandbox,
    workspace: PathBuf,
}

#[async_trait]
impl Transport for Keeping {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let changes = !matches!(*request.method(), http::Method::GET | http::Method::HEAD);
        let answer = self.network.send(request).await;
        if changes {
            // An answer that could be forgotten is withheld: then its outcome is unknown, and it
            // is asked about like any other.
            let kept = self.sandbox.save(&self.workspace);
            kept.map_err(|failure| TransportError::NoAnswer(Box::new(failure)))?;
        }
        answer
    }
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, Failure> {
    std::fs::read(folder.join(name)).map_err(|error| {
        Failure::caused(Code::UnreadableFile, format!("`{SANDBOX_FOLDER}/{name}`"), error)
    })
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let path: PathBuf = folder.join(name);
    let fresh = path.with_extension("new");
    let whole = || {
        let mut file = std::fs::File::create(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&fresh, &path)
    };
    whole().map_err(|error| cannot_write(&path, error))
}

pub(crate) fn cannot_write(path: &Path, error: std::io::Error) -> Failure {
    let code = if is_full(&error) { Code::DiskFull } else { Code::CannotWrite };
    Failure::caused(code, format!("`{}`", path.display()), error)
}

fn damaged(name: &str, error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::caused(Code::DamagedFile, format!("`{SANDBOX_FOLDER}/{name}`"), error)
}
