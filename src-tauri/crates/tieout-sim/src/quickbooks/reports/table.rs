//! The common form of all reports. Every cell is text; zero is blank.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::super::amount::two_places;
use super::super::pacific;

/// A report before it is written.
pub struct Table {
    pub name: &'static str,
    pub from: Date,
    pub to: Date,
    pub options: Vec<(&'static str, String)>,
    pub columns: Vec<Column>,
    pub rows: Vec<Line>,
}

/// One column: title, type and `ColKey`.
pub struct Column {
    pub title: &'static str,
    pub kind: &'static str,
    pub key: &'static str,
}

/// One cell.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub value: String,
    pub id: Option<String>,
}

/// A row or a section of rows.
pub enum Line {
    Data(Vec<Cell>),
    Section {
        group: Option<&'static str>,
        header: Option<Vec<Cell>>,
        rows: Vec<Line>,
        summary: Vec<Cell>,
    },
}

pub fn column(title: &'static str, kind: &'static str, key: &'static str) -> Column {
    Column { title, kind, key }
}

impl Cell {
    pub fn text(value: impl Into<String>) -> Self {
        Self { value: value.into(), id: None }
    }

    pub fn of(value: impl Into<String>, id: &str) -> Self {
        Self { value: value.into(), id: Some(id.to_owned()) }
    }

    /// An amount; zero is blank.
    pub fn amount(amount: Decimal) -> Self {
        if amount.is_zero() { Self::default() } else { Self::text(two_places(amount)) }
    }

    fn to_json(&self) -> Value {
        match &self.id {
            Some(id) => json!({"value": self.value, "id": id}),
            None => json!({"value": self.value}),
        }
    }
}

impl Table {
    pub fn to_json(&self, currency: &str, now: Timestamp) -> Value {
        let mut options: Vec<Value> = self
            .options
            .iter()
            .map(|(name, value)| json!({"Name": name, "Value": value}))
            .collect();
        let empty = !self.rows.iter().any(has_data);
        options.push(json!({"Name": "NoReportData", "Value": empty.to_string()}));
        let columns: Vec<Value> = self.columns.iter().map(Column::to_json).collect();
        let rows: Vec<Value> = self.rows.iter().map(Line::to_json).collect();
        json!({
            "Header": {
                "Time": pacific::stamp(now),
                "ReportName": self.name,
                "ReportBasis": "Accrual",
                "StartPeriod": self.from.to_string(),
                "EndPeriod": self.to.to_string(),
                "SummarizeColumnsBy": "Total",
                "Currency": currency,
                "Option": options,
            },
            "Columns": {"Column": columns},
            "Rows": {"Row": rows},
        })
    }
}

fn has_data(line: &Line) -> bool {
    match line {
        Line::Data(_) => true,
        Line::Section { rows, .. } => rows.iter().any(has_data),
    }
}

impl Column {
    fn to_json(&self) -> Value {
        json!({
            "ColTitle": self.title,
            "ColType": self.kind,
            "MetaData": [{"Name": "ColKey", "Value": self.key}],
        })
    }
}

impl Line {
    /// A grand total: a section with a summary only.
    pub fn grand_total(summary: Vec<Cell>) -> Self {
        let group = Some("GrandTotal");
        Line::Section { group, header: None, rows: Vec::new(), summary }
    }

    fn to_json(&self) -> Value {
        match self {
            Line::Data(cells) => json!({"ColData": cells_json(cells), "type": "Data"}),
            Line::Section { group, header, rows, summary } => {
                let mut section = Map::new();
                section.insert("type".to_owned(), json!("Section"));
                if let Some(group) = group {
                    section.insert("group".to_owned(), json!(group));
                }
                if let Some(header) = header {
                    let header = json!({"ColData": cells_json(header)});
                    section.insert("Header".to_owned(), header);
                }
                if header.is_some() || !rows.is_empty() {
                    let rows: Vec<Value> = rows.iter().map(Line::to_json).collect();
                    section.insert("Rows".to_owned(), json!({"Row": rows}));
                }
                section.insert("Summary".to_owned(), json!({"ColData": cells_json(summary)}));
                Value::Object(section)
            }
        }
    }
}

fn cells_json(cells: &[Cell]) -> Vec<Value> {
    cells.iter().map(Cell::to_json).collect()
}
