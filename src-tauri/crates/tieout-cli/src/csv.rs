//! CSV for other programs (RFC 4180, UTF-8): the keys of the columns first, then one record per
//! row, no totals. As in exported files, figures are plain, dates are ISO, and words cannot run as
//! a formula.

use tieout_api::views::Amount;

/// A field.
pub enum Field {
    /// Words and ids, which a spreadsheet must not run.
    Words(String),
    /// Digits that are ours: amounts, counts, dates.
    Figure(String),
}

impl Field {
    pub fn words(text: impl Into<String>) -> Self {
        Self::Words(text.into())
    }

    /// Words where there are some.
    pub fn maybe(text: Option<&String>) -> Self {
        Self::Words(text.cloned().unwrap_or_default())
    }

    pub fn figure(of: impl ToString) -> Self {
        Self::Figure(of.to_string())
    }

    /// `-1234.50`; nothing where there is no amount.
    pub fn amount(of: Option<&Amount>) -> Self {
        Self::Figure(of.map(|amount| amount.amount.clone()).unwrap_or_default())
    }
}

/// The whole file, every record ended by CR LF.
pub fn csv<const N: usize>(header: [&str; N], rows: Vec<[Field; N]>) -> String {
    let mut text = header.join(",") + "\r\n";
    for row in rows {
        let fields = row.map(|field| match field {
            Field::Words(words) => quoted(&tieout_api::neutralised(&words)),
            Field::Figure(digits) => quoted(&digits),
        });
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_run_and_figures_stay_figures() {
        let rows = vec![
            [Field::words("Harrow, Creek \"AQ\""), Field::figure("-6200.00")],
            [Field::words("=1+1"), Field::amount(None)],
            [Field::words("\n@SUM(A1)"), Field::figure(3)],
        ];
        let want = "account,open\r\n\"Harrow, Creek \"\"AQ\"\"\",-6200.00\r\n'=1+1,\r\n\
                    \"'\n@SUM(A1)\",3\r\n";
        assert_eq!(csv(["account", "open"], rows), want);
    }
}
