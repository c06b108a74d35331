//! A field's value in SQL. What is not of the field's type is NULL, so that nothing that is stored can fail a query.

use domain::{
    query::{Field, Origin, Part},
    time::{Unit, Zone},
    types::{FieldType, ListOf, MergeRule},
};

/// A text as an SQL literal: for names of the schema.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A field of the records that `of` stands for.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    pub of: &'a str,
    pub field: Field<'a>,
}

impl Value<'_> {
    pub fn is_set(&self) -> bool {
        self.field.ty.merge_rule() == MergeRule::Set
    }

    /// As it is stored, of type jsonb.
    fn json(&self) -> String {
        match self.field.origin {
            Origin::Stored { name, part: Some(Part::Member(part)), .. } => {
                format!("({}.body->{}->{})", self.of, literal(name), literal(part))
            }
            Origin::Stored { name, .. } => format!("({}.body->{})", self.of, literal(name)),
            Origin::CreatedAt => format!("({}.state->'created'->'first')", self.of),
            Origin::CreatedBy => format!("({}.state->'created'->'by')", self.of),
        }
    }

    /// Whether there is a value.
    pub fn present(&self) -> String {
        match self.field.origin {
            Origin::Stored { part: None | Some(Part::Member(_)), .. } if !self.is_set() => {
                format!("coalesce(jsonb_typeof({}), 'null') <> 'null'", self.json())
            }
            Origin::Stored { part: None, .. } => format!("jsonb_array_length({}) > 0", self.array()),
            Origin::CreatedAt => format!("{} IS NOT NULL", self.number()),
            Origin::Stored { .. } | Origin::CreatedBy => format!("{} IS NOT NULL", self.text()),
        }
    }

    /// A value that is one text.
    pub fn text(&self) -> String {
        let json = self.json();
        let text = format!("(CASE WHEN jsonb_typeof({json}) = 'string' THEN {json} #>> '{{}}' END)");
        match self.field.origin {
            Origin::Stored { part: Some(Part::DayOfYear), .. } => day_of_year(&text),
            Origin::CreatedBy => format!("nullif({text}, '00000000-0000-0000-0000-000000000000')"),
            _ => text,
        }
    }

    /// What text operators look into.
    pub fn searched(&self) -> String {
        let json = self.json();
        let member = |name: &str| format!("nullif({json}->>'{name}', '')");
        match self.field.ty {
            FieldType::PersonName(_) => {
                let (family, given) = (member("family"), member("given"));
                let between = format!("CASE WHEN concat({family}, {given}) ~ '[\\u3400-\\u9fff]' THEN '' ELSE ' ' END");
                format!(
                    "nullif(CASE WHEN {json}->>'order' = 'family_first' THEN concat_ws({between}, {family}, {given})
                    ELSE concat_ws({between}, {given}, {family}) END, '')"
                )
            }
            FieldType::Address(_) => {
                let [country, region, city, district, street, postcode] =
                    ["country", "region", "city", "district", "street", "postcode"].map(member);
                format!(
                    "nullif(CASE WHEN concat({city}, {street}, {district}) ~ '[\\u4e00-\\u9fff]'
                    THEN concat({region}, {city}, {district}, {street})
                    ELSE concat_ws(', ', {street}, {district}, {city}, {region}, {postcode}, {country}) END, '')"
                )
            }
            FieldType::LabelledList(_) => format!(
                "(SELECT string_agg(CASE WHEN coalesce(entry->>'label', '') = '' THEN entry->>'value'
                ELSE (entry->>'label') || ': ' || (entry->>'value') END, '; ' ORDER BY place)
                FROM jsonb_array_elements({}) WITH ORDINALITY AS entries (entry, place))",
                self.array()
            ),
            FieldType::Attachment(_) => member("name"),
            _ => self.text(),
        }
    }

    /// The digits of phone numbers, as a set of rows with the column `digits`.
    pub fn numbers(&self) -> String {
        let digits =
            |text: &str| format!("regexp_replace(translate({text}, '０１２３４５６７８９', '0123456789'), '[^0-9]', '', 'g')");
        match self.field.ty {
            FieldType::LabelledList(list) if list.of == ListOf::Phones => {
                format!(
                    "(SELECT {} AS digits FROM jsonb_array_elements({}) AS entries (entry))",
                    digits("entry->>'value'"),
                    self.array()
                )
            }
            _ => format!("(SELECT {} AS digits)", digits(&format!("{}->>'digits'", self.json()))),
        }
    }

    /// A value that is a list, of type jsonb; a single element is a list of one.
    pub fn array(&self) -> String {
        let json = self.json();
        format!("(CASE jsonb_typeof({json}) WHEN 'array' THEN {json} WHEN 'string' THEN jsonb_build_array({json}) ELSE '[]' END)")
    }

    /// A number in the unit that plans compare, of type numeric.
    pub fn number(&self) -> String {
        let (json, text) = (self.json(), self.text());
        match (self.field.origin, self.field.ty) {
            (Origin::CreatedAt, _) => format!(
                "(CASE WHEN {text} ~ '^[0-9a-f]{{12}}-' THEN nullif(('x' || left({text}, 12))::bit(48)::bigint, 0)::numeric END)"
            ),
            (_, FieldType::Decimal(_)) => {
                format!(
                    "(CASE WHEN {text} ~ '^-?\\d{{1,15}}(\\.\\d{{1,6}})?$' THEN ({text}::numeric * 1000000)::numeric(30, 0) END)"
                )
            }
            (_, FieldType::Money(_)) => format!("(CASE WHEN {} THEN round(({json}->'minor')::numeric) END)", self.is_money()),
            _ => format!("(CASE WHEN jsonb_typeof({json}) = 'number' THEN round(({json})::numeric) END)"),
        }
    }

    fn is_money(&self) -> String {
        let json = self.json();
        format!("jsonb_typeof({json}->'minor') = 'number' AND jsonb_typeof({json}->'currency') = 'string'")
    }

    /// Of money.
    pub fn currency(&self) -> String {
        format!("(CASE WHEN {} THEN {}->>'currency' END)", self.is_money(), self.json())
    }

    /// 1 and 0.
    pub fn truth(&self) -> String {
        format!("(CASE {} WHEN 'true'::jsonb THEN 1 WHEN 'false'::jsonb THEN 0 END)", self.json())
    }

    /// A part of a position.
    pub fn degrees(&self, member: &str) -> String {
        let json = self.json();
        format!("(CASE WHEN jsonb_typeof({json}->'{member}') = 'number' THEN ({json}->>'{member}')::float8 END)")
    }

    /// The day that comparisons see, as text.
    pub fn day_text(&self) -> String {
        let text = self.text();
        match self.field.ty {
            FieldType::PartialDate(_) => format!(
                "(CASE WHEN length({text}) IN (4, 7, 10) AND {text} NOT LIKE '--%' THEN {text} || substr('0000-01-01', length({text}) + 1) END)"
            ),
            _ => format!("left({text}, 10)"),
        }
    }

    /// `11-24` of a date.
    pub fn day_of_year(&self) -> String {
        day_of_year(&self.text())
    }

    /// The first day of the stretch that a day or moment is in, as text.
    pub fn bucket(&self, unit: Unit, zone: &Zone) -> String {
        let day = match self.field.ty {
            FieldType::Instant(_) => local_day(&self.number(), zone),
            _ => {
                let text = self.text();
                format!(
                    "(CASE WHEN {text} ~ '^(?!0000)\\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])(T|$)'
                    THEN make_date(left({text}, 4)::int, substr({text}, 6, 2)::int, 1) + (substr({text}, 9, 2)::int - 1) END)"
                )
            }
        };
        let unit = match unit {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        };
        format!("to_char(date_trunc('{unit}', {day}::timestamp), 'YYYY-MM-DD')")
    }

    /// What records sort by, one after the other.
    pub fn keys(&self) -> Vec<String> {
        let bytewise = |text: String| format!("{text} COLLATE \"C\"");
        match self.field.ty {
            FieldType::Text(_) | FieldType::LongText(_) | FieldType::PersonName(_) => {
                vec![bytewise(format!("lower({} COLLATE \"C\")", self.searched()))]
            }
            FieldType::Date(_) | FieldType::Due(_) | FieldType::PartialDate(_) => vec![bytewise(self.text())],
            FieldType::Choice(choice) => {
                let (ids, text) = (choice.options.iter().map(|option| literal(&option.id)).collect::<Vec<_>>(), self.text());
                let place = format!("coalesce(array_position(ARRAY[{}]::text[], {text}), {})", ids.join(", "), ids.len() + 1);
                vec![format!("(CASE WHEN {text} IS NOT NULL THEN {place} END)"), bytewise(text)]
            }
            FieldType::Boolean(_) => vec![self.truth()],
            FieldType::Money(_) => vec![bytewise(self.currency()), self.number()],
            _ => vec![self.number()],
        }
    }

    /// What records are grouped by and different values are told apart by; not for sets.
    pub fn key(&self, bucket: Option<Unit>, zone: &Zone) -> String {
        match (self.field.ty, bucket) {
            (_, Some(unit)) => self.bucket(unit, zone),
            (FieldType::Integer(_) | FieldType::Instant(_), None) => format!("{}::text", self.number()),
            (FieldType::Boolean(_), None) => format!("(CASE {} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)", self.truth()),
            _ => self.text(),
        }
    }
}

fn day_of_year(text: &str) -> String {
    format!(
        "(CASE WHEN length({text}) = 10 THEN substr({text}, 6) WHEN length({text}) = 7 AND {text} LIKE '--%' THEN substr({text}, 3) END)"
    )
}

/// The company's day at a moment, with the zone's offsets as they were given.
fn local_day(ms: &str, zone: &Zone) -> String {
    let offset_ms = |(_, seconds): &(i64, i32)| i64::from(*seconds) * 1000;
    let offset = match zone.transitions.as_slice() {
        [] => "0".to_owned(),
        [only] => offset_ms(only).to_string(),
        all => {
            let until = all.windows(2).map(|pair| format!("WHEN ms < {} THEN {}", pair[1].0, offset_ms(&pair[0])));
            let last = all.last().map_or(0, offset_ms);
            format!("CASE {} ELSE {last} END", until.collect::<Vec<_>>().join(" "))
        }
    };
    // From the year 1 to the end of the year 9999.
    format!(
        "(SELECT CASE WHEN local >= -62135596800000 AND local < 253402300800000 THEN DATE '1970-01-01' + floor(local / 86400000)::int END
        FROM (SELECT ms + {offset} AS local FROM (SELECT {ms} AS ms) AS moment) AS moved)"
    )
}
