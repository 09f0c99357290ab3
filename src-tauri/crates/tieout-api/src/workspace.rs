//! One folder with everything in it: the encrypted store, sealed grants, and for the sample company
//! the simulators. Opening it takes the lock, finds the key and connects the engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tieout_connect::clock::{Clock, Entropy};
use tieout_connect::http::{HttpOptions, ReqwestTransport};
use tieout_connect::transport::Transport;
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_engine::{Engine, LedgerConnection, RunIds};
use tieout_store::{ConnectionRecord, DatabaseKey, Store, WorkspaceLock};
use tieout_vault::{
    KeySource, KeyringVault, PASSPHRASE_FILE, PassphraseVault, VaultError, WorkspaceKey,
    system_entropy,
};
use zeroize::Zeroizing;

use crate::codes::Code;
use crate::connectors::Connectors;
use crate::failure::Failure;
use crate::grants::GRANTS_FOLDER;
use crate::logged::{LoggedTransport, Traffic};
use crate::machine::{SandboxClock, SystemClock, SystemEntropy};
use crate::sandbox::{Sandbox, cannot_write};

/// Name of the store inside a workspace.
pub const STORE_FILE: &str = "tieout.db";
/// Names the workspace in the keyring, wherever its folder lies.
const NAME_FILE: &str = "workspace.name";
/// Ends the names of the copies that are made before a migration.
pub(crate) const BACKUP_EXTENSION: &str = "backup";
const NAME_BYTES: usize = 8;

/// How to open a workspace.
#[derive(Clone)]
pub struct Opening {
    pub folder: PathBuf,
    /// From `TIEOUT_PASSPHRASE`; otherwise the keyring holds the key.
    pub passphrase: Option<Zeroizing<String>>,
    /// Make one if there is none.
    pub create: bool,
    /// Extra certificate authority, for a sandbox with TLS.
    pub ca_pem: Option<Vec<u8>>,
}

/// An open workspace.
pub struct Workspace {
    pub folder: PathBuf,
    pub engine: Engine,
    pub sandbox: Option<Sandbox>,
    pub transport: Arc<dyn Transport>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// What went over the network since this workspace was opened.
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) connectors: Connectors,
    key: WorkspaceKey,
    /// `None`: another instance writes, and this one only reads.
    lock: Option<WorkspaceLock>,
}

/// Run ids that sort by time.
struct TimedRunIds;

impl RunIds for TimedRunIds {
    fn next(&self, now: Timestamp) -> RunId {
        let mut random = [0; 4];
        SystemEntropy.fill(&mut random);
        let suffix = data_encoding::HEXLOWER.encode(&random);
        let stamp = now.strftime("%Y%m%dT%H%M%SZ");
        RunId::new(&format!("run-{stamp}-{suffix}")).expect("digits and letters make an id")
    }
}

impl Workspace {
    /// Opens the workspace with all its connections. Nothing is sent.
    pub async fn open(opening: &Opening) -> Result<Self, Failure> {
        let opened = Self::open_stored(opening).await;
        opened.map_err(|failure| naming_backup(failure, &opening.folder))
    }

    async fn open_stored(opening: &Opening) -> Result<Self, Failure> {
        if !Sandbox::is_in(&opening.folder) {
            let network = network(opening.ca_pem.clone())?;
            return Self::open_with(opening, None, network).await;
        }
        let sandbox = Sandbox::load(&opening.folder)?;
        let network = sandbox.keeping_network(&opening.folder);
        Self::open_with(opening, Some(sandbox), network).await
    }

    /// Makes or opens a sample workspace around these simulators. Their state is kept by whoever
    /// has them, with `save_sandbox`.
    pub async fn open_sandbox(opening: &Opening, sandbox: Sandbox) -> Result<Self, Failure> {
        let network = sandbox.network();
        Self::open_with(opening, Some(sandbox), network).await
    }

    /// The connections of a workspace that exists, without connecting: a lost sign-in is no reason
    /// not to know them.
    pub(crate) fn stored_connections(opening: &Opening) -> Result<Vec<ConnectionRecord>, Failure> {
        let _lock = WorkspaceLock::acquire(&opening.folder)?;
        refuse_emptied(&opening.folder, opening.create)?;
        let key = workspace_key(opening, true)?;
        let store = Store::open(&opening.folder.join(STORE_FILE), &database_key(&key))?;
        Ok(store.connections()?)
    }

    async fn open_with(
        opening: &Opening,
        sandbox: Option<Sandbox>,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, Failure> {
        let folder = opening.folder.clone();
        let store_path = folder.join(STORE_FILE);
        if !store_path.is_file() && !opening.create {
            let detail = format!("`{}` has no `{STORE_FILE}`", folder.display());
            return Err(Failure::new(Code::NoWorkspace, detail));
        }
        std::fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, error))?;
        let lock = WorkspaceLock::acquire(&folder)?;
        refuse_emptied(&folder, opening.create)?;
        let key = workspace_key(opening, store_path.is_file())?;
        let mut store = Store::open(&store_path, &database_key(&key))?;
        let clock: Arc<dyn Clock> = match &sandbox {
            Some(sandbox) => Arc::new(SandboxClock(sandbox.clock.clone())),
            None => Arc::new(SystemClock),
        };
        // The lock is ours, so whoever sent these is gone and nobody waits for the answer.
        store.recover_sent(clock.now())?;
        let mut workspace = Self::around(folder, store, transport, clock, key);
        workspace.sandbox = sandbox;
        workspace.lock = Some(lock);
        workspace.connect_all().await?;
        Ok(workspace)
    }

    pub(crate) fn around(
        folder: PathBuf,
        store: Store,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        key: WorkspaceKey,
    ) -> Self {
        let traffic = Arc::new(Traffic::default());
        let transport: Arc<dyn Transport> =
            Arc::new(LoggedTransport::new(transport, clock.clone(), traffic.clone()));
        Self {
            folder,
            engine: Engine::new(store, clock.clone(), Box::new(TimedRunIds)),
            sandbox: None,
            transport,
            clock,
            entropy: Arc::new(SystemEntropy),
            traffic,
            connectors: Connectors::default(),
            key,
            lock: None,
        }
    }

    pub(crate) fn key(&self) -> &WorkspaceKey {
        &self.key
    }

    /// Whether another instance has the right to write.
    pub fn is_read_only(&self) -> bool {
        self.lock.is_none()
    }

    /// The ledger with this name, or the only one; one that is connected before those that ended.
    pub fn ledger_named(&self, name: Option<&str>) -> Result<ConnectionId, Failure> {
        let all = &self.engine.ledgers;
        let connected: Vec<&LedgerConnection> = all.iter().filter(|it| !it.ended).collect();
        let chosen = if connected.is_empty() { all.iter().collect() } else { connected };
        match (name, chosen.as_slice()) {
            (Some(name), _) => all
                .iter()
                .map(|ledger| ledger.id.clone())
                .find(|id| id.as_str() == name)
                .ok_or_else(|| Failure::new(Code::NoSuchConnection, format!("`{name}`"))),
            (None, [one]) => Ok(one.id.clone()),
            (None, []) => Err(Failure::new(
                Code::NothingToReport,
                "no ledger is connected; connect one to see its figures",
            )
            .with_hint("`tieout connect quickbooks` or `tieout connect xero` connects one.")),
            (None, several) => {
                let names: Vec<String> = several.iter().map(|it| format!("`{}`", it.id)).collect();
                let detail = format!("several ledgers are connected: {}", names.join(", "));
                Err(Failure::new(Code::Usage, detail).with_hint("Name one with `--ledger NAME`."))
            }
        }
    }

    /// Keeps the simulators' state of a sample workspace.
    pub fn save_sandbox(&self) -> Result<(), Failure> {
        self.sandbox.as_ref().map_or(Ok(()), |sandbox| sandbox.save(&self.folder))
    }
}

/// An empty file would be taken for a new store, and everything that was in it for never read.
/// Only a first `connect` that was cut off leaves one behind, and then there are no grants yet.
fn refuse_emptied(folder: &Path, create: bool) -> Result<(), Failure> {
    let bytes = |name: &str| std::fs::metadata(folder.join(name)).map(|file| file.len());
    let journal = format!("{STORE_FILE}-wal");
    let is_empty = matches!(bytes(STORE_FILE), Ok(0)) && !matches!(bytes(&journal), Ok(1..));
    if is_empty && (!create || folder.join(GRANTS_FOLDER).exists()) {
        return Err(Failure::new(Code::DamagedFile, format!("`{STORE_FILE}` is empty")));
    }
    Ok(())
}

/// A damaged file is put right by its newest backup, where there is one.
pub(crate) fn naming_backup(failure: Failure, folder: &Path) -> Failure {
    if failure.code != Code::DamagedFile {
        return failure;
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let newest = entries
        .filter(|entry| entry.path().extension().is_some_and(|it| it == BACKUP_EXTENSION))
        .max_by_key(|entry| entry.metadata().and_then(|file| file.modified()).ok());
    match newest {
        Some(entry) => {
            let name = entry.file_name();
            let hint = format!(
                "Put the newest backup, `{}`, in the place of `{STORE_FILE}`.",
                name.to_string_lossy()
            );
            failure.with_hint(hint)
        }
        None => failure,
    }
}

pub(crate) fn database_key(key: &WorkspaceKey) -> DatabaseKey {
    DatabaseKey::new(*key.database_key().as_bytes())
}

fn network(ca_pem: Option<Vec<u8>>) -> Result<Arc<dyn Transport>, Failure> {
    let options = HttpOptions { extra_roots_pem: ca_pem, ..HttpOptions::default() };
    let transport = ReqwestTransport::new(&options).map_err(|error| {
        Failure::caused(Code::UnreadableFile, "the certificate authority", error)
    })?;
    Ok(Arc::new(transport))
}

/// A passphrase where one is given or was used; otherwise the keyring.
pub(crate) fn workspace_key(
    opening: &Opening,
    store_exists: bool,
) -> Result<WorkspaceKey, Failure> {
    let vault: Box<dyn KeySource> = match &opening.passphrase {
        Some(passphrase) => Box::new(PassphraseVault::new(&opening.folder, passphrase.clone())),
        None if PassphraseVault::exists(&opening.folder) => {
            let detail = "this workspace opens with a passphrase; set `TIEOUT_PASSPHRASE`";
            return Err(Failure::new(Code::WrongKey, detail));
        }
        None => Box::new(KeyringVault::new(&workspace_name(&opening.folder)?)),
    };
    let key = match store_exists {
        true => vault.load(),
        false => vault.load_or_create(&system_entropy),
    };
    match (key, &opening.passphrase) {
        (Err(VaultError::NoKey), Some(_)) => {
            let detail = format!("`{PASSPHRASE_FILE}` is missing beside `{STORE_FILE}`");
            let hint = format!(
                "Put `{PASSPHRASE_FILE}` back from a backup of the folder. If the key of this \
                 workspace lies in the keyring, run without `TIEOUT_PASSPHRASE`."
            );
            Err(Failure::new(Code::KeyringUnavailable, detail).with_hint(hint))
        }
        (key, _) => Ok(key?),
    }
}

fn workspace_name(folder: &Path) -> Result<String, Failure> {
    let path = folder.join(NAME_FILE);
    match std::fs::read_to_string(&path) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut bytes = [0; NAME_BYTES];
            SystemEntropy.fill(&mut bytes);
            let name = data_encoding::HEXLOWER.encode(&bytes);
            std::fs::write(&path, &name).map_err(|error| cannot_write(&path, error))?;
            Ok(name)
        }
        Err(error) => {
            Err(Failure::caused(Code::UnreadableFile, format!("`{}`", path.display()), error))
        }
    }
}
