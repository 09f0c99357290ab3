//! What the written fields hold now, so that only changed values are written.

use serde_json::Value;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Record;
use tieout_connect::ports::{Answer, CrmWrite, FieldValue, WriteTarget};
use tieout_connect::session::Session;
use tieout_domain::ids::{AccountId, DealId};
use tieout_domain::salesforce_id::salesforce_id_18;
use tieout_domain::{Currency, Money};

use super::LEDGER_ACCOUNT_KEY;
use super::fields::{ACCOUNT_FIELDS, DEAL_FIELDS, Fields, Kind, ledger_account_fields};
use crate::composite::{QUERIES_MAX, composite_queries};
use crate::describe::LEDGER_ACCOUNT;
use crate::organization::Organization;
use crate::query::rest_of;
use crate::soql::{Rows, texts};

/// Ids in one statement: some 5 KB of an address that may have 16 (`salesforce §5.1`).
const IDS_MAX: usize = 200;
/// Keys of up to 160 characters in one statement.
const KEYS_MAX: usize = 40;

/// One object's mirror.
struct Mirror<'a> {
    organization: &'a Organization,
    object: &'static str,
    /// Field by which rows are found.
    key: &'static str,
    fields: Vec<(String, Kind)>,
    keys: Vec<String>,
    keys_max: usize,
    target: fn(&str) -> Option<WriteTarget>,
}

/// Every installed and visible mirror field of these records. Records that are not visible, and
/// objects without any such field, are left out. One call for up to five statements.
pub(crate) async fn mirrored(
    session: &Session,
    organization: &Organization,
    deals: &[DealId],
    accounts: &[AccountId],
    ledger_account_keys: &[String],
) -> Answer<Vec<CrmWrite>> {
    let mirrors = [
        Mirror::of_deals(organization, deals),
        Mirror::of_accounts(organization, accounts),
        Mirror::of_ledger_accounts(organization, ledger_account_keys),
    ];
    let asked: Vec<(&Mirror<'_>, String)> = mirrors
        .iter()
        .filter(|mirror| mirror.is_installed())
        .flat_map(|mirror| mirror.statements().map(move |statement| (mirror, statement)))
        .collect();
    let mut found = Vec::new();
    for asked in asked.chunks(QUERIES_MAX) {
        let statements: Vec<(Rows, String)> =
            asked.iter().map(|(_, statement)| (Rows::Existing, statement.clone())).collect();
        let (_, pages) = composite_queries(session, &statements).await?;
        for ((mirror, _), page) in asked.iter().zip(pages) {
            found.extend(mirror.read(&rest_of(session, page?).await?)?);
        }
    }
    Ok(found)
}

fn long_ids<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    ids.filter_map(|id| salesforce_id_18(id).ok()).collect()
}

impl<'a> Mirror<'a> {
    fn of_deals(organization: &'a Organization, deals: &[DealId]) -> Self {
        Self {
            organization,
            object: "Opportunity",
            key: "Id",
            fields: visible(organization, "Opportunity", named(DEAL_FIELDS)),
            keys: long_ids(deals.iter().map(DealId::as_str)),
            keys_max: IDS_MAX,
            target: |id| DealId::new(id).ok().map(WriteTarget::Deal),
        }
    }

    fn of_accounts(organization: &'a Organization, accounts: &[AccountId]) -> Self {
        Self {
            organization,
            object: "Account",
            key: "Id",
            fields: visible(organization, "Account", named(ACCOUNT_FIELDS)),
            keys: long_ids(accounts.iter().map(AccountId::as_str)),
            keys_max: IDS_MAX,
            target: |id| AccountId::new(id).ok().map(WriteTarget::Account),
        }
    }

    fn of_ledger_accounts(organization: &'a Organization, keys: &[String]) -> Self {
        Self {
            organization,
            object: LEDGER_ACCOUNT,
            key: LEDGER_ACCOUNT_KEY,
            fields: visible(organization, LEDGER_ACCOUNT, ledger_account_fields()),
            keys: keys.to_vec(),
            keys_max: KEYS_MAX,
            target: |key| Some(WriteTarget::LedgerAccount { key: key.to_owned() }),
        }
    }

    fn is_installed(&self) -> bool {
        !self.fields.is_empty() && self.organization.schema.has(self.object, self.key)
    }

    fn statements(&self) -> impl Iterator<Item = String> {
        self.keys.chunks(self.keys_max).map(|keys| self.statement(keys))
    }

    fn read(&self, rows: &[Box<RawValue>]) -> Answer<Vec<CrmWrite>> {
        let malformed = || ConnectorError::Malformed { path: format!("mirror.{}", self.object) };
        let mut found = Vec::new();
        for raw in rows {
            let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed())?;
            let record = Record::of(&value).map_err(|_| malformed())?;
            let key = record.text(self.key).map_err(|_| malformed())?;
            let fields = self.values_of(&record);
            found.extend((self.target)(&key).map(|target| CrmWrite { target, fields }));
        }
        Ok(found)
    }

    fn statement(&self, keys: &[String]) -> String {
        let mut names: Vec<&str> = vec![self.key];
        names.extend(self.fields.iter().map(|(name, _)| name.as_str()));
        if self.organization.schema.has(self.object, "CurrencyIsoCode") {
            names.push("CurrencyIsoCode");
        }
        let keys = texts(keys.iter().map(String::as_str));
        format!("SELECT {} FROM {} WHERE {} IN {keys}", names.join(", "), self.object, self.key)
    }

    fn values_of(&self, record: &Record<'_>) -> Vec<(String, FieldValue)> {
        let own = record.currency_or_none("CurrencyIsoCode", None).ok().flatten();
        let currency = own.or(self.organization.currency);
        let value =
            |(name, kind): &(String, Kind)| (name.clone(), value_of(record, name, *kind, currency));
        self.fields.iter().map(value).collect()
    }
}

fn named(fields: Fields) -> Vec<(String, Kind)> {
    fields.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect()
}

fn visible(
    organization: &Organization,
    object: &str,
    mut fields: Vec<(String, Kind)>,
) -> Vec<(String, Kind)> {
    fields.retain(|(name, _)| organization.schema.has(object, name));
    fields
}

/// A value that is not of its kind, such as an amount with too many decimals, is given as the text
/// or number that it is: it differs from everything that would be written, and is overwritten.
fn value_of(record: &Record<'_>, name: &str, kind: Kind, currency: Option<Currency>) -> FieldValue {
    if !record.has(name) {
        return FieldValue::Empty;
    }
    let read = match kind {
        Kind::Text => record.text(name).map(FieldValue::Text).ok(),
        Kind::Amount => record.decimal(name).ok().map(|amount| {
            let money = currency.and_then(|currency| Money::from_decimal(amount, currency).ok());
            money.map_or(FieldValue::Number(amount), FieldValue::Amount)
        }),
        Kind::Count => record.whole(name).map(FieldValue::Count).ok(),
        Kind::Number => record.decimal(name).map(FieldValue::Number).ok(),
        Kind::Date => record.date(name).map(FieldValue::Date).ok(),
        Kind::Instant => record.instant(name).map(FieldValue::Instant).ok(),
    };
    let as_it_is = || record.value(name).map(ToString::to_string).unwrap_or_default();
    read.unwrap_or_else(|| FieldValue::Text(as_it_is()))
}
