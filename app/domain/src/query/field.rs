use crate::{
    KindSpec, Lang,
    lang::Label,
    records::Member,
    spec::Place,
    types::{FieldType, Instant, Reference, Text},
};
use std::borrow::Cow;

/// When a record was made, as a moment; nothing for what an import brought.
pub const CREATED_AT: &str = "$created_at";
/// Who made a record, as a reference to a member; nothing for what the system made.
pub const CREATED_BY: &str = "$created_by";

static CREATED_AT_TYPE: FieldType = FieldType::Instant(Instant {});
static CREATED_BY_TYPE: FieldType = FieldType::Reference(Reference { kind: Cow::Borrowed(Member::KIND) });
static PART_TYPE: FieldType = FieldType::Text(Text { max: 200 });

/// What a query names as a field, found in the schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field<'a> {
    pub origin: Origin<'a>,
    pub ty: &'a FieldType,
}

/// Where the value of a [`Field`] comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin<'a> {
    /// A declared field: its place in the kind's declaration, and its name; or a part of its value.
    Stored {
        at: usize,
        name: &'a str,
        part: Option<Part>,
    },
    CreatedAt,
    CreatedBy,
}

/// A piece of a value that is a text of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Of an object.
    Member(&'static str),
    /// `11-24` of a date: what birthdays sort by.
    DayOfYear,
}

/// The parts of a type's values that can be asked for as `address.city`, with their labels.
pub fn parts(ty: &FieldType) -> &'static [(&'static str, Part, Label)] {
    const fn member(name: &'static str, label: [&'static str; 3]) -> (&'static str, Part, Label) {
        (name, Part::Member(name), Label::new(label))
    }
    static ADDRESS: [(&str, Part, Label); 6] = [
        member("country", ["Country", "国家", "國家"]),
        member("region", ["Province or state", "省份", "省份"]),
        member("city", ["City", "城市", "縣市"]),
        member("district", ["District", "区", "區"]),
        member("street", ["Street", "街道", "街道"]),
        member("postcode", ["Postcode", "邮编", "郵遞區號"]),
    ];
    static NAME: [(&str, Part, Label); 2] =
        [member("family", ["Family name", "姓", "姓"]), member("given", ["Given name", "名", "名"])];
    static MONEY: [(&str, Part, Label); 1] = [member("currency", ["Currency", "币种", "幣別"])];
    static DAY: [(&str, Part, Label); 1] = [("day_of_year", Part::DayOfYear, Label::new(["Day of the year", "月日", "月日"]))];
    match ty {
        FieldType::Address(_) => &ADDRESS,
        FieldType::PersonName(_) => &NAME,
        FieldType::Money(_) => &MONEY,
        FieldType::Date(_) | FieldType::PartialDate(_) => &DAY,
        _ => &[],
    }
}

/// What a field that a query names is called: with the part of it that is meant; its name where the kind has no such field.
pub fn label(kind: &KindSpec, name: &str, lang: Lang) -> String {
    static CREATED: [(&str, Label); 2] = [
        (CREATED_AT, Label::new(["Created", "创建时间", "建立時間"])),
        (CREATED_BY, Label::new(["Created by", "创建人", "建立人"])),
    ];
    if let Some((_, label)) = CREATED.iter().find(|(created, _)| *created == name) {
        return label.get(lang).to_owned();
    }
    let (field, part) = name.split_once('.').map_or((name, None), |(field, part)| (field, Some(part)));
    let Some(spec) = kind.field(field) else { return name.to_owned() };
    let part = part.and_then(|wanted| parts(&spec.ty).iter().find(|(name, ..)| *name == wanted));
    let own = spec.label.get(lang);
    part.map_or_else(|| own.to_owned(), |(.., label)| format!("{own} · {}", label.get(lang)))
}

/// The fields of a kind that a query can name, those of its declaration first, each followed by its parts.
pub fn fields(kind: &KindSpec) -> Vec<String> {
    let shown = kind.fields.iter().filter(|field| field.place != Place::Hidden);
    let named = shown.flat_map(|field| {
        let parts = parts(&field.ty).iter().map(|(part, ..)| format!("{}.{part}", field.name));
        [field.name.to_string()].into_iter().chain(parts)
    });
    named.chain([CREATED_AT, CREATED_BY].map(str::to_owned)).collect()
}

impl<'a> Field<'a> {
    /// The field of a kind that a query means by `name`.
    pub fn find(kind: &'a KindSpec, name: &str) -> Option<Field<'a>> {
        match name {
            CREATED_AT => return Some(Field { origin: Origin::CreatedAt, ty: &CREATED_AT_TYPE }),
            CREATED_BY => return Some(Field { origin: Origin::CreatedBy, ty: &CREATED_BY_TYPE }),
            _ => {}
        }
        let (field, part) = name.split_once('.').map_or((name, None), |(field, part)| (field, Some(part)));
        let at = kind.fields.iter().position(|spec| spec.name == field)?;
        let spec = &kind.fields[at];
        let stored = |part| Origin::Stored { at, name: spec.name.as_ref(), part };
        match part {
            None => Some(Field { origin: stored(None), ty: &spec.ty }),
            Some(wanted) => {
                let (_, part, _) = parts(&spec.ty).iter().find(|(name, ..)| *name == wanted)?;
                Some(Field { origin: stored(Some(*part)), ty: &PART_TYPE })
            }
        }
    }

    /// The field whose value names a record of this kind.
    pub fn title(kind: &'a KindSpec) -> Option<Field<'a>> {
        Field::find(kind, &kind.title)
    }
}
