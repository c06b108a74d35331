use super::{FieldRules, Problem, Text, Typed, read_as};
use crate::{Lang, Value, reads};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::f64::consts::{FRAC_PI_2, PI};

/// A position on the earth, WGS-84. JSON: `{"lat":31.23,"lng":121.47,"accuracy":12.0}`, degrees and metres.
/// Converted to GCJ-02 only when handed to a Chinese map application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceValue {
    pub lat: f64,
    pub lng: f64,
    /// Radius in metres within which the position is, as the device said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
}

reads!(PlaceValue { lat, lng, accuracy });

impl Place {
    pub fn new() -> Place {
        Place {}
    }
}

impl PlaceValue {
    /// Latitude and longitude as people write them: `31.23040, 121.47370`.
    pub fn degrees(&self) -> String {
        format!("{}, {}", print_degrees(self.lat), print_degrees(self.lng))
    }

    /// Great-circle distance in metres (haversine on a sphere of 6,371 km; error below 0.6 %).
    pub fn distance(&self, other: &PlaceValue) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlng) = (b - a, (other.lng - self.lng).to_radians());
        let cosine = |latitude: f64| sine(FRAC_PI_2 - latitude.abs());
        let squared = |angle: f64| sine((angle / 2.0).abs()).powi(2);
        let h = squared(dlat) + cosine(a) * cosine(b) * squared(dlng);
        2.0 * 6_371_000.0 * h.sqrt().min(1.0).asin()
    }
}

/// The sine of an angle from 0 to π, as its Taylor series gives it to the last digits. The standard library's reduces angles
/// of any size and is five kilobytes for it.
fn sine(angle: f64) -> f64 {
    let angle = angle.min(PI - angle);
    let mut term = angle;
    let mut sum = angle;
    for n in 1..12 {
        term *= -angle * angle / f64::from(2 * n * (2 * n + 1));
        sum += term;
    }
    sum
}

impl FieldRules for Place {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            _ => {
                let place: PlaceValue = read_as(value).ok_or(Problem::NotAPlace)?;
                let on_earth = (-90.0..=90.0).contains(&place.lat) && (-180.0..=180.0).contains(&place.lng);
                let accuracy_holds = place.accuracy.is_none_or(|metres| (0.0..=1e7).contains(&metres));
                if on_earth && accuracy_holds { Ok(json!(place)) } else { Err(Problem::NotAPlace) }
            }
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        if text.trim().is_empty() {
            return Ok(Value::Null);
        }
        let (lat, lng) = text.split_once([',', ',', ' ']).ok_or(Problem::NotAPlace)?;
        let degrees = |part: &str| degrees(part.trim()).ok_or(Problem::NotAPlace);
        self.normalise(&json!({ "lat": degrees(lat)?, "lng": degrees(lng)? }))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        read_as::<PlaceValue>(value).map(|place| place.degrees()).unwrap_or_default()
    }
}

/// Decimal degrees with five places, about a metre. By hand, for the reason of [`degrees`].
pub fn print_degrees(angle: f64) -> String {
    let scaled = (angle.abs() * 1e5).round() as u32;
    let sign = if angle < 0.0 && scaled > 0 { "-" } else { "" };
    format!("{sign}{}.{:05}", scaled / 100_000, scaled % 100_000)
}

/// Decimal degrees such as `-31.2304`; digits beyond the twelfth place, a thousandth of a hair, are dropped.
/// Not `f64::from_str`: on the device its tables would weigh ten kilobytes.
fn degrees(text: &str) -> Option<f64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1.0, text), |digits| (-1.0, digits));
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if digits.len() < 1 + usize::from(digits.contains('.')) || whole.len() > 3 || !plain(whole) || !plain(places) {
        return None;
    }
    // Both below 2^53, so that their quotient is the nearest number to what was written.
    let places = &places[..places.len().min(12)];
    let scaled: u64 = format!("{whole}{places}").parse().ok()?;
    Some(sign * scaled as f64 / 10u64.pow(places.len() as u32) as f64)
}

impl Typed for Place {
    type Out<'a> = PlaceValue;
    fn read(value: &Value) -> Option<PlaceValue> {
        read_as(value)
    }
}

/// A postal address: 省市区, 縣市 + 區, or state; what is not known is empty. JSON: object with only the known parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Address {}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AddressValue {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Province, 省, state.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// City, 市, 縣市.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// District, 区, 區.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub district: String,
    /// Street, house and room, or the whole address when its parts are unknown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postcode: String,
}

reads!(AddressValue {
    country or default,
    region or default,
    city or default,
    district or default,
    street or default,
    postcode or default,
});

impl Address {
    pub fn new() -> Address {
        Address {}
    }
}

impl AddressValue {
    fn parts(&mut self) -> [&mut String; 6] {
        [&mut self.country, &mut self.region, &mut self.city, &mut self.district, &mut self.street, &mut self.postcode]
    }

    /// Largest part first and unseparated in Chinese, smallest first with commas otherwise, by the script of the address itself.
    pub fn one_line(&self) -> String {
        let AddressValue { country, region, city, district, street, postcode } = self;
        let chinese = [city, street, district].iter().any(|part| part.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
        if chinese {
            return [region, city, district, street].into_iter().map(String::as_str).collect();
        }
        let line = [street, district, city, region, postcode, country];
        line.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl FieldRules for Address {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::String(text) => self.parse(text),
            _ => {
                let mut address: AddressValue = read_as(value).ok_or(Problem::NotAnAddress)?;
                for part in address.parts() {
                    *part = Text { max: 200 }.parse(part)?.as_str().unwrap_or_default().to_owned();
                }
                Ok(if address == AddressValue::default() { Value::Null } else { json!(address) })
            }
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        self.normalise(&json!(AddressValue { street: text.to_owned(), ..AddressValue::default() }))
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        read_as::<AddressValue>(value).map(|address| address.one_line()).unwrap_or_default()
    }
}

impl Typed for Address {
    type Out<'a> = AddressValue;
    fn read(value: &Value) -> Option<AddressValue> {
        read_as(value)
    }
}
