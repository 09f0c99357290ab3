//! The closed list of reason codes. A customer may add subcodes and never redefines one.

/// Whether the product may propose a code; a person always accepts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auto {
    /// From facts alone.
    Yes,
    /// When a flag, a policy or a pattern of the company says so.
    ByFlag,
    /// A person only.
    No,
}

struct Row {
    code: ReasonCode,
    text: &'static str,
    meaning: &'static str,
    auto: Auto,
    clears: &'static str,
    max_age_days: Option<u32>,
    zero_tolerance: bool,
}

macro_rules! codes {
    ($(
        $(#[$doc:meta])*
        $name:ident $text:literal $meaning:literal
            $auto:ident $clears:literal $age:expr, $zero:expr;
    )+) => {
        /// One reason for a reconciling item.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ReasonCode {
            $($(#[$doc])* #[doc = $meaning] $name,)+
        }

        const ROWS: &[Row] = &[$(Row {
            code: ReasonCode::$name,
            text: $text,
            meaning: $meaning,
            auto: Auto::$auto,
            clears: $clears,
            max_age_days: $age,
            zero_tolerance: $zero,
        },)+];
    };
}

codes! {
    NotInvoiced "NOT_INVOICED" "Won, due, nothing billed"
        Yes "invoice" Some(5), true;
    Scheduled "SCHEDULED" "Not due by schedule"
        Yes "by schedule" None, false;
    UsagePending "USAGE_PENDING" "Billed in arrears by usage"
        ByFlag "next run" Some(45), false;
    Cutoff "CUTOFF" "Invoice date in another period than close"
        Yes "next period" Some(35), false;
    BackdatedClose "BACKDATED_CLOSE" "Close date earlier than stage change"
        Yes "review" Some(0), false;
    PartialBill "PARTIAL_BILL" "Deposit or milestone billed"
        Yes "next milestone" Some(60), false;
    BilledAhead "BILLED_AHEAD" "Billed before the schedule date, within contract amount"
        Yes "by schedule" Some(35), false;
    AmendedAfterInvoice "AMENDED_AFTER_INVOICE" "Deal changed after posting"
        Yes "credit and rebill, or CRM fix" Some(15), false;
    CrmAmountError "CRM_AMOUNT_ERROR" "Deal amount wrong"
        No "CRM correction" Some(15), false;
    Price "PRICE" "Line difference by unit price"
        Yes "correction" Some(15), false;
    Qty "QTY" "Line difference by quantity"
        Yes "correction" Some(15), false;
    Discount "DISCOUNT" "Line difference by discount"
        Yes "correction" Some(15), false;
    Tax "TAX" "Tax-only difference"
        Yes "usually none" Some(30), false;
    ShippingFee "SHIPPING_FEE" "Non-product charge on invoice"
        Yes "none" Some(30), false;
    Rounding "ROUNDING" "Within rounding limit"
        Yes "none" None, false;
    FxRate "FX_RATE" "Only translated figures differ"
        Yes "none" None, false;
    CurrencyMismatch "CURRENCY_MISMATCH" "Documents in different currency"
        Yes "correction" Some(0), true;
    CustomerMismatch "CUSTOMER_MISMATCH"
        "Our key or number stands on a document of another customer"
        Yes "relink or correction" Some(0), true;
    CreditIssued "CREDIT_ISSUED" "Credit memo explains shortfall"
        Yes "none" None, false;
    Refund "REFUND" "Cash returned"
        Yes "none" None, false;
    WriteOff "WRITE_OFF" "Closed without cash"
        Yes "none" None, false;
    Dispute "DISPUTE" "Contested"
        ByFlag "resolution" Some(60), false;
    UnappliedCash "UNAPPLIED_CASH" "Receipt not applied"
        Yes "application" Some(15), false;
    ShortPay "SHORT_PAY" "Paid less than balance"
        Yes "application, credit" Some(30), false;
    OverPay "OVER_PAY" "Paid more than balance"
        Yes "application, credit" Some(30), false;
    Withholding "WITHHOLDING" "Tax kept back by payer"
        ByFlag "certificate, journal" Some(45), false;
    BankFee "BANK_FEE" "Fee kept back by bank"
        ByFlag "certificate, journal" Some(45), false;
    DuplicateInvoice "DUPLICATE_INVOICE" "Two documents for one intent"
        Yes "void or credit" Some(0), true;
    DuplicateCustomer "DUPLICATE_CUSTOMER" "Split across records"
        Yes "relink" Some(30), false;
    OrphanInvoice "ORPHAN_INVOICE" "Invoice with no deal"
        Yes "link or mark non-CRM" Some(30), false;
    NonCrmRevenue "NON_CRM_REVENUE" "Legitimately outside the CRM"
        ByFlag "annual review" Some(365), false;
    Intercompany "INTERCOMPANY" "Related party"
        ByFlag "elimination" None, false;
    DirectJournal "DIRECT_JOURNAL" "Journal posted to the control account with no customer document"
        Yes "reclass" Some(15), false;
    VoidedLater "VOIDED_LATER" "Voided after observation"
        Yes "review" Some(0), true;
    Deleted "DELETED" "Deleted after observation"
        Yes "review" Some(0), true;
    EditedLater "EDITED_LATER" "Edited after observation"
        Yes "review" Some(0), true;
    SyncLag "SYNC_LAG" "Source newer than local copy"
        Yes "next sync" Some(1), false;
    SyncFailed "SYNC_FAILED" "Operation failed"
        Yes "retry or fix" Some(2), false;
    Unexplained "UNEXPLAINED" "None of the above"
        No "investigation" Some(0), false;
}

impl ReasonCode {
    /// Every code, in the order of `finance-domain §9`.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.code)
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.text == text).map(|row| row.code)
    }

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Stable word.
    pub fn as_str(self) -> &'static str {
        self.row().text
    }

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        self.row().meaning
    }

    /// Whether the product may propose it.
    pub fn auto(self) -> Auto {
        self.row().auto
    }

    /// What is expected to clear it.
    pub fn clears(self) -> &'static str {
        self.row().clears
    }

    /// Days after which an item is escalated. `None`: it may stay. A default that a company's own
    /// policy overrides.
    pub fn max_age_days(self) -> Option<u32> {
        self.row().max_age_days
    }

    /// No limit makes it pass; it is open until a person accepts it (`finance-domain §8 V3`). For
    /// `NOT_INVOICED` this holds once the grace days are over.
    pub fn zero_tolerance(self) -> bool {
        self.row().zero_tolerance
    }
}

impl std::fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_finds_its_own_row() {
        for (at, row) in ROWS.iter().enumerate() {
            assert_eq!(row.code as usize, at);
            assert_eq!(ReasonCode::parse(row.code.as_str()), Some(row.code));
        }
    }

    #[test]
    fn there_are_39_codes_and_no_word_twice() {
        let words: BTreeSet<&str> = ReasonCode::all().map(ReasonCode::as_str).collect();
        assert_eq!(words.len(), 39);
        assert_eq!(ReasonCode::parse("PLUG"), None);
    }

    #[test]
    fn the_zero_tolerance_list() {
        let listed: Vec<&str> = ReasonCode::all()
            .filter(|code| code.zero_tolerance())
            .map(ReasonCode::as_str)
            .collect();
        assert_eq!(
            listed.join(" "),
            "NOT_INVOICED CURRENCY_MISMATCH CUSTOMER_MISMATCH DUPLICATE_INVOICE VOIDED_LATER \
             DELETED EDITED_LATER"
        );
    }
}
