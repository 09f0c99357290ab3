//! What was found about the company, and what is missing, in plain words.

use tieout_connect::ports::{Answer, Missing, Probe};

use crate::QuickBooks;
use crate::about::About;
use crate::books::Books;
use crate::config::FieldLabels;
use crate::settings::capabilities;

/// Signs in if needed and reads everything afresh. Wrong keys, a wrong environment or a lost
/// administrator end in `NotPermitted`, whose words say which: nothing of the company can then be
/// read, so there is nothing to be probed.
pub(crate) async fn probe(quickbooks: &QuickBooks) -> Answer<Probe> {
    let about = quickbooks.reload_about().await?;
    let books = quickbooks.reload_books().await?;
    Ok(Probe {
        name: about.name.clone(),
        sandbox: quickbooks.company().app().environment().is_sandbox(),
        capabilities: capabilities(&books, &about, quickbooks.agreement()),
        missing: missing(&books, &about, quickbooks.labels()),
    })
}

/// Settings that take a part of the product away. None of them stops reading.
fn missing(books: &Books, about: &About, labels: &FieldLabels) -> Vec<Missing> {
    let mut missing = Vec::new();
    if about.subscription_ended {
        missing.push(part_off(
            "Invoices cannot be created: the QuickBooks subscription has ended",
            "The company's administrator renews the subscription in QuickBooks".to_owned(),
        ));
    }
    if books.receivable_accounts().is_empty() {
        missing.push(part_off(
            "Receivables cannot be tied out: the company has no account of type Accounts Receivable",
            "QuickBooks makes one with the first invoice; check the chart of accounts".to_owned(),
        ));
    }
    if books.allows_deposit_inside {
        missing.push(part_off(
            "Invoices with a deposit taken inside them are set aside: no payment explains it",
            "Record deposits as payments, or switch Deposit off in the sales settings".to_owned(),
        ));
    }
    let fields = [
        (Some(&labels.deal), "Invoices made by hand cannot be matched by a deal reference"),
        (Some(&labels.dispute), "Disputed invoices cannot be told apart"),
        (labels.order_number.as_ref(), "Invoices cannot be matched by the order number"),
    ];
    for (label, what) in fields {
        if let Some(label) = label.filter(|label| !books.custom_fields.contains_key(*label)) {
            missing.push(part_off(
                what,
                format!(
                    "In QuickBooks, switch on a custom field named `{label}` for sales forms. \
                     If it is one of the newer custom fields, it works without being seen here"
                ),
            ));
        }
    }
    missing
}

fn part_off(what: &str, remedy: String) -> Missing {
    Missing { what: what.to_owned(), remedy, blocks_reading: false }
}

#[cfg(test)]
mod tests;
