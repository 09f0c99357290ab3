//! One field, read from the notation of salesforce §7.
//!
//! `Name: type(length or precision,scale) flags words`: c createable, u updateable, n nillable,
//! d defaulted on create; `-` where no flag holds. Words: `external`, `unique`, `case`, `lookup`,
//! `name`, `auto`, `formula=Field`, `rel=Relationship`, `child=ChildRelationship`, `values=A|B`,
//! `label=With_Underscores`, `unfilterable`.

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Id,
    Text,
    TextArea,
    Picklist,
    Combobox,
    Reference,
    Bool,
    Int,
    Double,
    Currency,
    Percent,
    Date,
    DateTime,
    Phone,
    Url,
    Email,
    Address,
    AnyType,
}

impl FieldKind {
    /// The name in a describe result.
    pub fn wire_name(self) -> &'static str {
        match self {
            FieldKind::Id => "id",
            FieldKind::Text => "string",
            FieldKind::TextArea => "textarea",
            FieldKind::Picklist => "picklist",
            FieldKind::Combobox => "combobox",
            FieldKind::Reference => "reference",
            FieldKind::Bool => "boolean",
            FieldKind::Int => "int",
            FieldKind::Double => "double",
            FieldKind::Currency => "currency",
            FieldKind::Percent => "percent",
            FieldKind::Date => "date",
            FieldKind::DateTime => "datetime",
            FieldKind::Phone => "phone",
            FieldKind::Url => "url",
            FieldKind::Email => "email",
            FieldKind::Address => "address",
            FieldKind::AnyType => "anyType",
        }
    }

    fn of(name: &str) -> Option<Self> {
        const ALL: [FieldKind; 18] = [
            FieldKind::Id,
            FieldKind::Text,
            FieldKind::TextArea,
            FieldKind::Picklist,
            FieldKind::Combobox,
            FieldKind::Reference,
            FieldKind::Bool,
            FieldKind::Int,
            FieldKind::Double,
            FieldKind::Currency,
            FieldKind::Percent,
            FieldKind::Date,
            FieldKind::DateTime,
            FieldKind::Phone,
            FieldKind::Url,
            FieldKind::Email,
            FieldKind::Address,
            FieldKind::AnyType,
        ];
        ALL.into_iter().find(|kind| kind.wire_name() == name)
    }

    pub fn soap_name(self) -> &'static str {
        match self {
            FieldKind::Id | FieldKind::Reference => "tns:ID",
            FieldKind::Bool => "xsd:boolean",
            FieldKind::Int => "xsd:int",
            FieldKind::Double | FieldKind::Currency | FieldKind::Percent => "xsd:double",
            FieldKind::Date => "xsd:date",
            FieldKind::DateTime => "xsd:dateTime",
            FieldKind::Address => "urn:address",
            FieldKind::AnyType => "xsd:anyType",
            _ => "xsd:string",
        }
    }

    pub fn is_number(self) -> bool {
        matches!(
            self,
            FieldKind::Int | FieldKind::Double | FieldKind::Currency | FieldKind::Percent
        )
    }

    pub fn is_text(self) -> bool {
        matches!(
            self,
            FieldKind::Text
                | FieldKind::TextArea
                | FieldKind::Picklist
                | FieldKind::Combobox
                | FieldKind::Phone
                | FieldKind::Url
                | FieldKind::Email
        )
    }
}

/// One field of an object as describe shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDef {
    pub name: String,
    pub label: String,
    pub kind: FieldKind,
    /// Characters of a text, 0 for other kinds.
    pub length: u32,
    pub precision: u32,
    pub scale: u32,
    pub createable: bool,
    pub updateable: bool,
    pub nillable: bool,
    pub defaulted: bool,
    pub external_id: bool,
    pub unique: bool,
    pub case_sensitive: bool,
    pub id_lookup: bool,
    pub name_field: bool,
    pub auto_number: bool,
    /// The field whose value a formula repeats.
    pub formula: Option<String>,
    pub reference_to: Vec<String>,
    /// Name that leads to the parent, such as `Account` for `AccountId`.
    pub relationship: Option<String>,
    /// Name under which the parent lists rows of this object.
    pub child_relationship: Option<String>,
    pub values: Vec<String>,
    pub filterable: bool,
}

impl FieldDef {
    /// Reads one line of the notation; nothing if it is not in it.
    pub fn read(line: &str) -> Option<Self> {
        let (name, rest) = line.split_once(": ")?;
        let (kind_text, rest) = split_kind(rest)?;
        let (kind_name, args) = kind_text.split_once('(').unwrap_or((kind_text, ""));
        let args = args.trim_end_matches(')');
        let mut words = rest.split_whitespace();
        let flags = words.next()?;
        let kind = FieldKind::of(kind_name)?;
        let mut field = FieldDef::plain(name, kind, flags);
        match kind {
            FieldKind::Reference => {
                field.reference_to = args.split('|').map(str::to_owned).collect();
                field.relationship = Some(relationship_of(name));
                field.length = 18;
            }
            _ if kind.is_number() => {
                let (precision, scale) = args.split_once(',').unwrap_or((args, "0"));
                field.precision = precision.parse().ok()?;
                field.scale = scale.parse().ok()?;
            }
            _ if !args.is_empty() => field.length = args.parse().ok()?,
            _ => {}
        }
        words.try_for_each(|word| field.take_word(word))?;
        Some(field)
    }

    fn plain(name: &str, kind: FieldKind, flags: &str) -> Self {
        let length = match kind {
            FieldKind::Id | FieldKind::Reference => 18,
            FieldKind::Picklist | FieldKind::Combobox | FieldKind::Url | FieldKind::AnyType => 255,
            FieldKind::Phone => 40,
            FieldKind::Email => 80,
            _ => 0,
        };
        Self {
            name: name.to_owned(),
            label: label_of(name),
            kind,
            length,
            precision: 0,
            scale: 0,
            createable: flags.contains('c'),
            updateable: flags.contains('u'),
            nillable: flags.contains('n'),
            defaulted: flags.contains('d'),
            external_id: false,
            unique: false,
            case_sensitive: false,
            id_lookup: kind == FieldKind::Id,
            name_field: false,
            auto_number: false,
            formula: None,
            reference_to: Vec::new(),
            relationship: None,
            child_relationship: None,
            values: Vec::new(),
            filterable: kind != FieldKind::Address
                && kind != FieldKind::AnyType
                && !(kind == FieldKind::TextArea && length > 255),
        }
    }

    fn take_word(&mut self, word: &str) -> Option<()> {
        match word.split_once('=') {
            Some(("formula", of)) => self.formula = Some(of.to_owned()),
            Some(("rel", name)) => self.relationship = Some(name.to_owned()),
            Some(("child", name)) => self.child_relationship = Some(name.to_owned()),
            Some(("values", list)) => {
                self.values = list.split('|').map(|value| value.replace('_', " ")).collect();
            }
            Some(("label", label)) => self.label = label.replace('_', " "),
            None if word == "external" => {
                self.external_id = true;
                self.id_lookup = true;
            }
            None if word == "unique" => self.unique = true,
            None if word == "case" => self.case_sensitive = true,
            None if word == "lookup" => self.id_lookup = true,
            None if word == "name" => self.name_field = true,
            None if word == "auto" => self.auto_number = true,
            None if word == "unfilterable" => self.filterable = false,
            _ => return None,
        }
        Some(())
    }

    pub fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }

    pub fn is_required(&self) -> bool {
        self.createable && !self.nillable && !self.defaulted && self.kind != FieldKind::Bool
    }

    pub fn is_sortable(&self) -> bool {
        self.filterable
    }

    /// Numbers and moments cannot be grouped by.
    pub fn is_groupable(&self) -> bool {
        self.filterable
            && self.formula.is_none()
            && matches!(
                self.kind,
                FieldKind::Id
                    | FieldKind::Text
                    | FieldKind::Picklist
                    | FieldKind::Combobox
                    | FieldKind::Reference
                    | FieldKind::Bool
                    | FieldKind::Int
                    | FieldKind::Date
                    | FieldKind::Phone
                    | FieldKind::Url
                    | FieldKind::Email
            )
    }

    pub fn is_aggregatable(&self) -> bool {
        self.filterable && self.kind != FieldKind::Bool
    }
}

/// Splits after the type, whose arguments may hold blanks nowhere.
fn split_kind(text: &str) -> Option<(&str, &str)> {
    text.split_once(' ')
}

/// `AccountId` leads to `Account`, `Account__c` to `Account__r`.
fn relationship_of(name: &str) -> String {
    match name.strip_suffix("__c") {
        Some(stem) => format!("{stem}__r"),
        None => name.strip_suffix("Id").unwrap_or(name).to_owned(),
    }
}

/// `CloseDate` reads "Close Date", `Tieout_AR_Balance__c` "Tieout AR Balance".
fn label_of(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("__c") {
        return stem.replace('_', " ");
    }
    let mut label = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            label.push(' ');
        }
        label.push(letter);
        before = letter;
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_notation_becomes_a_field() {
        let line = "AccountId: reference(Account) cun child=Opportunities";
        let field = FieldDef::read(line).expect("in the notation");
        assert_eq!(field.relationship.as_deref(), Some("Account"));
        assert_eq!(field.child_relationship.as_deref(), Some("Opportunities"));
        assert!(field.createable && field.updateable && field.nillable && !field.defaulted);

        let field = FieldDef::read("Amount: currency(18,2) cun").expect("in the notation");
        assert_eq!((field.precision, field.scale), (18, 2));

        let line = "Key__c: string(160) cu external unique case";
        let field = FieldDef::read(line).expect("in the notation");
        assert!(field.external_id && field.unique && field.case_sensitive && field.id_lookup);
        assert_eq!(field.label, "Key");
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(FieldDef::read("Amount currency"), None);
        assert_eq!(FieldDef::read("Amount: money(18,2) cun"), None);
        assert_eq!(FieldDef::read("Amount: currency(18,2) cun shiny"), None);
    }
}
