//! What a kind of record declares once, and everything else derives from: storage, merge, forms, lists, import, labels.
//!
//! Specs are data at run time, so that an administrator's own fields (capability H03) can join them as synced records.

use crate::{
    Value,
    lang::Label,
    types::{FieldType, MergeRule, Problem},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Every kind of record this build knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    pub kinds: Vec<KindSpec>,
}

impl Schema {
    /// Raised when a kind or field is added, so that a server can tell old devices from new ones.
    pub const VERSION: u32 = 7;

    pub fn kind(&self, name: &str) -> Option<&KindSpec> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    pub fn field(&self, kind: &str, field: &str) -> Option<&FieldSpec> {
        self.kind(kind)?.field(field)
    }
}

/// Where a record belongs, which decides who sees it (sync.md, item 10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RootRule {
    /// The record is a root of its own: an account.
    Itself,
    /// It belongs to the root that this reference names; to whoever made it while the reference is empty.
    Through(Cow<'static, str>),
    /// It belongs to the member that this reference names alone.
    Member(Cow<'static, str>),
    /// Everybody in the company sees it.
    Company,
    /// Everybody sees it while this choice says `company`, and while it says `some` those whom the record names in its granting
    /// fields; otherwise whoever made it alone. Others may look at it, and only its maker changes it.
    Shared(Cow<'static, str>),
}

/// Who may write records of a kind; seeing the root is needed besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writers {
    Everyone,
    Administrators,
    /// The server makes it; people only answer it: a notice by having read it, a collision by a decision.
    System,
}

/// One kind of record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindSpec {
    /// Stable id, in the wire and the databases.
    pub name: Cow<'static, str>,
    pub version: u16,
    pub label: Label,
    pub root: RootRule,
    pub writers: Writers,
    /// The field whose value names the record in lists and references.
    pub title: Cow<'static, str>,
    /// In which phase of the first load it comes, 0 to 3.
    pub phase: u8,
    /// Whether it has a list of its own in the menu.
    pub menu: bool,
    /// The instant at which what its fields grant ends, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants_until: Option<Cow<'static, str>>,
    pub fields: Vec<FieldSpec>,
}

impl KindSpec {
    pub fn new(name: &'static str, version: u16, label: [&'static str; 3], fields: Vec<FieldSpec>) -> KindSpec {
        let first_text = fields.iter().find(|field| matches!(field.ty, FieldType::Text(_) | FieldType::PersonName(_)));
        let title = first_text.or(fields.first()).map(|field| field.name.clone()).unwrap_or_default();
        let account =
            fields.iter().find(|field| matches!(&field.ty, FieldType::Reference(reference) if reference.kind == "account"));
        let root = account.map_or(RootRule::Company, |field| RootRule::Through(field.name.clone()));
        KindSpec {
            name: name.into(),
            version,
            label: Label::new(label),
            root,
            writers: Writers::Everyone,
            title,
            phase: 3,
            menu: false,
            grants_until: None,
            fields,
        }
    }

    pub fn root(self, root: RootRule) -> KindSpec {
        KindSpec { root, ..self }
    }

    pub fn writers(self, writers: Writers) -> KindSpec {
        KindSpec { writers, ..self }
    }

    pub fn title(self, field: &'static str) -> KindSpec {
        KindSpec { title: field.into(), ..self }
    }

    pub fn phase(self, phase: u8) -> KindSpec {
        KindSpec { phase, ..self }
    }

    pub fn grants_until(self, field: &'static str) -> KindSpec {
        KindSpec { grants_until: Some(field.into()), ..self }
    }

    pub fn menu(self) -> KindSpec {
        KindSpec { menu: true, ..self }
    }

    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that a gate asks for and that is empty, of a record with these values; `None` while every gate is open.
    pub fn closed_gate(&self, value_of: &dyn Fn(&str) -> Value) -> Option<&str> {
        let closed = |field: &FieldSpec, gate: &&Gate| {
            value_of(&field.name).as_str() == Some(&gate.option) && value_of(&gate.needs).is_null()
        };
        let gates = self.fields.iter().flat_map(|field| field.gates.iter().map(move |gate| (field, gate)));
        gates.into_iter().find(|(field, gate)| closed(field, gate)).map(|(_, gate)| gate.needs.as_ref())
    }
}

/// What must be filled before a choice may say one of its options: a gate of a process, such as the reason before an account
/// is called lost (capability SYS-18). The device asks before it saves, and the server again (sync.md, merge rules).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    pub option: Cow<'static, str>,
    /// A field of the same kind.
    pub needs: Cow<'static, str>,
}

/// Where a form shows a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    First,
    More,
    /// Shown when it has a value, never asked for: what only an import or the system fills.
    ImportOnly,
    /// Not shown by generic views.
    Hidden,
}

/// One field of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldSpec {
    /// Stable id; renaming a label never moves data. `x_…` is the namespace of a company's own fields.
    pub name: Cow<'static, str>,
    pub label: Label,
    #[serde(flatten)]
    pub ty: FieldType,
    pub place: Place,
    pub required: bool,
    pub indexed: bool,
    pub searched: bool,
    /// A column of the list on wide screens.
    pub listed: bool,
    /// Whoever it names (a member, team or territory; as a choice, a role) may see the record's root and all under it.
    pub grants: bool,
    /// When two people set it at once, their manager is told too.
    pub tells_manager: bool,
    /// Other names of its column in imported files, lower case.
    pub aliases: Vec<Cow<'static, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
}

impl FieldSpec {
    pub fn new(name: &'static str, ty: impl Into<FieldType>, label: [&'static str; 3]) -> FieldSpec {
        FieldSpec {
            name: name.into(),
            label: Label::new(label),
            ty: ty.into(),
            place: Place::More,
            required: false,
            indexed: false,
            searched: false,
            listed: false,
            grants: false,
            tells_manager: false,
            aliases: Vec::new(),
            gates: Vec::new(),
        }
    }

    pub fn first(self) -> FieldSpec {
        FieldSpec { place: Place::First, ..self }
    }

    pub fn import_only(self) -> FieldSpec {
        FieldSpec { place: Place::ImportOnly, ..self }
    }

    pub fn hidden(self) -> FieldSpec {
        FieldSpec { place: Place::Hidden, ..self }
    }

    pub fn required(self) -> FieldSpec {
        FieldSpec { required: true, ..self }
    }

    pub fn indexed(self) -> FieldSpec {
        FieldSpec { indexed: true, ..self }
    }

    pub fn searched(self) -> FieldSpec {
        FieldSpec { searched: true, ..self }
    }

    pub fn listed(self) -> FieldSpec {
        FieldSpec { listed: true, ..self }
    }

    pub fn grants(self) -> FieldSpec {
        FieldSpec { grants: true, ..self }
    }

    pub fn tells_manager(self) -> FieldSpec {
        FieldSpec { tells_manager: true, ..self }
    }

    pub fn aliases<const N: usize>(self, aliases: [&'static str; N]) -> FieldSpec {
        FieldSpec { aliases: aliases.iter().map(|alias| Cow::Borrowed(*alias)).collect(), ..self }
    }

    /// The choice says `option` only where the field `needs` is filled.
    pub fn gate(mut self, option: &'static str, needs: &'static str) -> FieldSpec {
        self.gates.push(Gate { option: option.into(), needs: needs.into() });
        self
    }

    pub fn is_set(&self) -> bool {
        self.ty.merge_rule() == MergeRule::Set
    }

    /// The canonical form of a value for this field; a required field refuses `null`.
    pub fn check(&self, value: &Value) -> Result<Value, Problem> {
        match self.ty.rules().normalise(value)? {
            Value::Null if self.required => Err(Problem::Required),
            value => Ok(value),
        }
    }
}

/// A field as a declaration says it: a row of a table, which costs the device far less than the code that would build it.
#[doc(hidden)]
pub struct Declared {
    pub name: &'static str,
    pub label: [&'static str; 3],
    pub ty: fn() -> FieldType,
    pub marks: &'static [fn(FieldSpec) -> FieldSpec],
}

impl Declared {
    pub fn spec(&self) -> FieldSpec {
        let field = FieldSpec::new(self.name, (self.ty)(), self.label);
        self.marks.iter().fold(field, |field, mark| mark(field))
    }
}

/// Declares a kind: its spec, and a struct with one typed getter per field over a [`crate::Row`] that keeps unknown fields.
///
/// ```
/// domain::record! {
///     /// Something a customer is unhappy about.
///     Complaint = "complaint" v1 ["Complaint", "投诉", "客訴"] {
///         subject: Text(120), first, required, searched => ["Subject", "主题", "主旨"];
///         account: Reference("account"), first, indexed => ["Account", "客户", "客戶"];
///     }
/// }
/// assert_eq!(Complaint::spec().title, "subject");
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[$doc:meta])*
        $kind:ident = $name:literal $version:ident $label:tt $(, $option:ident $(($($option_arg:tt)*))?)* {
            $($field:ident : $ty:ident $(($($arg:tt)*))? $(, $flag:ident $(($($flag_arg:tt)*))?)* => $field_label:tt;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $kind<R: std::borrow::Borrow<$crate::Row> = $crate::Row>(pub R);

        impl $kind {
            /// The kind's stable id.
            pub const KIND: &'static str = $name;

            pub fn spec() -> $crate::KindSpec {
                #[allow(unused_imports)]
                use $crate::{spec::{RootRule, Writers}, types::*};
                let version = stringify!($version).trim_start_matches('v').parse().unwrap_or(1);
                const FIELDS: &[$crate::spec::Declared] = &[$($crate::spec::Declared {
                    name: stringify!($field),
                    label: $field_label,
                    ty: || $ty::new($($($arg)*)?).into(),
                    marks: &[$(|field| field.$flag($($($flag_arg)*)?)),*],
                }),*];
                let fields = FIELDS.iter().map($crate::spec::Declared::spec).collect();
                $crate::KindSpec::new($name, version, $label, fields)$(.$option($($($option_arg)*)?))*
            }
        }

        impl<R: std::borrow::Borrow<$crate::Row>> $kind<R> {
            $(
                pub fn $field(&self) -> Option<<$crate::types::$ty as $crate::types::Typed>::Out<'_>> {
                    <$crate::types::$ty as $crate::types::Typed>::read(self.0.borrow().get(stringify!($field))?)
                }
            )*
        }
    };
}
