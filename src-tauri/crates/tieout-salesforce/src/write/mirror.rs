//! What the written fields hold now, so that only changed values are written.

use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Record;
use tieout_connect::ports::{Answer, CrmWrite, FieldValue, WriteTarget};
use tieout_connect::session::Session;
use tieout_domain::ids::{AccountId, DealId};
use tieout_domain::salesforce_id::salesforce_id_18;
use tieout_domain::{Currency, Money};

use super::LEDGER_ACCOUNT_KEY;
use super::fields::{ACCOUNT_FIELDS, DEAL_FIELDS, Fields, Kind, ledger_account_fields};
use crate::describe::LEDGER_ACCOUNT;
use crate::organization::Organization;
use crate::query::all_records;
use crate::schema::Schema;
use crate::soql::{Rows, texts};

/// Ids in one statement: some 5 KB of an address that may have 16 (`salesforce §5.1`).
const IDS_MAX: usize = 200;
/// Keys of up to 160 characters in one statement.
const KEYS_MAX: usize = 40;
/// Rows that one statement can answer with before something is wrong.
const ROWS_MAX: usize = 2_000;

/// One object's mirror.
struct Mirror<'a> {
    session: &'a Session,
    organization: &'a Organization,
    object: &'static str,
    /// Field by which rows are found.
    key: &'static str,
    fields: Vec<(String, Kind)>,
}

/// Every installed and visible mirror field of these records. Records that are not visible, and
/// objects without any such field, are left out.
pub(crate) async fn mirrored(
    session: &Session,
    organization: &Organization,
    deals: &[DealId],
    accounts: &[AccountId],
    ledger_account_keys: &[String],
) -> Answer<Vec<CrmWrite>> {
    let of = |object, key, fields| Mirror { session, organization, object, key, fields };
    let named = |fields: Fields| fields.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
    let deal_ids = long_ids(deals.iter().map(DealId::as_str));
    let account_ids = long_ids(accounts.iter().map(AccountId::as_str));
    let mut found = Vec::new();
    let deals = of("Opportunity", "Id", named(DEAL_FIELDS).collect());
    found.extend(
        deals.read(&deal_ids, IDS_MAX, |id| DealId::new(id).ok().map(WriteTarget::Deal)).await?,
    );
    let accounts = of("Account", "Id", named(ACCOUNT_FIELDS).collect());
    let target = |id: &str| AccountId::new(id).ok().map(WriteTarget::Account);
    found.extend(accounts.read(&account_ids, IDS_MAX, target).await?);
    let rows = of(LEDGER_ACCOUNT, LEDGER_ACCOUNT_KEY, ledger_account_fields());
    let target = |key: &str| Some(WriteTarget::LedgerAccount { key: key.to_owned() });
    found.extend(rows.read(ledger_account_keys, KEYS_MAX, target).await?);
    Ok(found)
}

fn long_ids<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    ids.filter_map(|id| salesforce_id_18(id).ok()).collect()
}

impl Mirror<'_> {
    async fn read(
        mut self,
        keys: &[String],
        keys_max: usize,
        target: impl Fn(&str) -> Option<WriteTarget>,
    ) -> Answer<Vec<CrmWrite>> {
        let (object, schema) = (self.object, &self.organization.schema);
        self.fields.retain(|(name, _)| schema.has(object, name));
        if self.fields.is_empty() || !schema.has(object, self.key) {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for keys in keys.chunks(keys_max) {
            let malformed = || ConnectorError::Malformed { path: format!("mirror.{object}") };
            let statement = self.statement(schema, keys);
            let rows = all_records(self.session, Rows::Existing, &statement, ROWS_MAX).await?;
            for raw in rows.ok_or_else(malformed)? {
                let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed())?;
                let record = Record::of(&value).map_err(|_| malformed())?;
                let key = record.text(self.key).map_err(|_| malformed())?;
                let fields = self.values_of(&record);
                found.extend(target(&key).map(|target| CrmWrite { target, fields }));
            }
        }
        Ok(found)
    }

    fn statement(&self, schema: &Schema, keys: &[String]) -> String {
        let mut names: Vec<&str> = vec![self.key];
        names.extend(self.fields.iter().map(|(name, _)| name.as_str()));
        if schema.has(self.object, "CurrencyIsoCode") {
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
