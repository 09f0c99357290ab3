//! Why a report could not be written. Messages name sections, columns and rows, never figures.

use tieout_domain::MoneyError;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A section needs at least one column.
    #[error("section `{section}` has no columns")]
    NoColumns {
        /// Section id.
        section: String,
    },
    /// An id or a key that cannot name a file, a sheet or a column, or that stands twice.
    #[error("`{key}` in section `{section}` cannot be used as a name, or is used twice")]
    BadKey {
        /// Section id.
        section: String,
        /// The name.
        key: String,
    },
    /// More rows or columns than a workbook or a print can hold.
    #[error("section `{section}` is larger than a report may be ({limit} {of})")]
    TooLarge {
        /// Section id.
        section: String,
        /// What there is too much of.
        of: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A row does not have one cell per column.
    #[error("row {row} of section `{section}` has {cells} cells for {columns} columns")]
    RowShape {
        /// Section id.
        section: String,
        /// Position, from 0.
        row: usize,
        /// Cells given.
        cells: usize,
        /// Columns expected.
        columns: usize,
    },
    /// A cell is not what its column holds.
    #[error("row {row} of section `{section}` has a wrong kind of cell in column `{column}`")]
    CellKind {
        /// Section id.
        section: String,
        /// Position, from 0.
        row: usize,
        /// Column key.
        column: String,
    },
    /// A total or a second line names a column that does not exist or cannot be used so.
    #[error("section `{section}` has no column `{column}` that can be used so")]
    UnknownColumn {
        /// Section id.
        section: String,
        /// Column key.
        column: String,
    },
    /// A total adds rows that do not exist.
    #[error("total {line} of section `{section}` adds rows that do not exist")]
    UnknownRows {
        /// Section id.
        section: String,
        /// Position of the line, from 0.
        line: usize,
    },
    /// A total that is given as proved is not the sum of its rows.
    #[error("column `{column}` of section `{section}` does not add up to its proved total")]
    DoesNotFoot {
        /// Section id.
        section: String,
        /// Column key.
        column: String,
    },
    /// A total that is given as proved adds over a value that is missing.
    #[error("column `{column}` of section `{section}` has a gap under its proved total")]
    GapUnderProof {
        /// Section id.
        section: String,
        /// Column key.
        column: String,
    },
    /// Amounts could not be added.
    #[error("column `{column}` of section `{section}` cannot be added")]
    Amount {
        /// Section id.
        section: String,
        /// Column key.
        column: String,
        /// Why.
        #[source]
        source: MoneyError,
    },
    /// An amount that the numbers of a workbook cannot hold exactly (above 2^53 minor units).
    #[error("column `{column}` of section `{section}` has an amount too large for a workbook")]
    AmountTooLarge {
        /// Section id.
        section: String,
        /// Column key.
        column: String,
    },
    /// The columns do not fit on a page even in the smallest type: leave some out of the print.
    #[error("section `{section}` has more columns than fit on a page; leave some out of the print")]
    TooWide {
        /// Section id.
        section: String,
    },
    /// More pages than a print may have.
    #[error("the print would have more than {limit} pages")]
    TooManyPages {
        /// The limit.
        limit: usize,
    },
    /// A bundled font could not be read or cut.
    #[error("font {face} could not be embedded: {reason}")]
    Font {
        /// Name of the face.
        face: &'static str,
        /// What the font reader said.
        reason: String,
    },
    /// The document could not be put together.
    #[error("the document could not be written")]
    Document(#[source] std::io::Error),
    /// The print library refused a part of the document.
    #[error("the print could not be drawn: {0}")]
    Drawing(String),
    /// The workbook could not be put together.
    #[error("the workbook could not be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The CSV file could not be put together.
    #[error("the CSV file could not be written")]
    Csv(#[from] csv::Error),
}
