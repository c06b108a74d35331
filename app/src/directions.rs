//! The link that opens the device's own map application at an account.

use domain::{
    Lang, Row,
    records::Account,
    types::{PlaceValue, print_degrees},
};

/// What decides which map application there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    Android,
    Apple,
    Other,
}

impl Platform {
    pub fn of(user_agent: &str) -> Platform {
        match user_agent {
            agent if agent.contains("Android") => Platform::Android,
            agent if ["iPhone", "iPad", "Macintosh"].iter().any(|name| agent.contains(name)) => Platform::Apple,
            _ => Platform::Other,
        }
    }

    /// The platform this runs on.
    pub fn here() -> Platform {
        let navigator = js_sys::Reflect::get(&js_sys::global(), &"navigator".into());
        let agent = navigator.and_then(|navigator| js_sys::Reflect::get(&navigator, &"userAgent".into()));
        Platform::of(&agent.ok().and_then(|agent| agent.as_string()).unwrap_or_default())
    }
}

/// Where to go for an account: by its position, else by its address; `None` when it has neither.
pub fn link(account: &Row, platform: Platform, lang: Lang) -> Option<String> {
    let account = Account(account);
    let name = encoded(account.name().unwrap_or_default());
    if let Some(place) = account.place() {
        return Some(to_place(&place, &name, platform, lang));
    }
    let address = account.address().map(|address| address.one_line()).filter(|line| !line.is_empty())?;
    Some(to_address(&encoded(&address), platform, lang))
}

fn to_place(place: &PlaceValue, name: &str, platform: Platform, lang: Lang) -> String {
    let (lat, lng) = (print_degrees(place.lat), print_degrees(place.lng));
    match (platform, lang) {
        (Platform::Android, _) => format!("geo:{lat},{lng}?q={lat},{lng}({name})"),
        // Amap converts WGS-84 to the Chinese datum itself when told.
        (_, Lang::ZhCn) => format!("https://uri.amap.com/marker?position={lng},{lat}&name={name}&coordinate=wgs84&callnative=1"),
        (Platform::Apple, _) => format!("https://maps.apple.com/?daddr={lat},{lng}&q={name}"),
        (Platform::Other, _) => format!("https://www.google.com/maps/dir/?api=1&destination={lat},{lng}"),
    }
}

fn to_address(address: &str, platform: Platform, lang: Lang) -> String {
    match (platform, lang) {
        (Platform::Android, _) => format!("geo:0,0?q={address}"),
        (_, Lang::ZhCn) => format!("https://uri.amap.com/search?keyword={address}&callnative=1"),
        (Platform::Apple, _) => format!("https://maps.apple.com/?daddr={address}"),
        (Platform::Other, _) => format!("https://www.google.com/maps/dir/?api=1&destination={address}"),
    }
}

/// Percent-encoded UTF-8 (RFC 3986).
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock, Id, row::Cell};
    use serde_json::json;

    fn account(field: &str, value: serde_json::Value) -> Row {
        let mut row = Row::new("account", Id::nil());
        for (field, value) in [("name", json!("A&B")), (field, value)] {
            row.cells.insert(field.to_owned(), Cell { value, clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        }
        row
    }

    #[test]
    fn a_position_goes_before_an_address_and_the_platform_decides() {
        let placed = account("place", json!({"lat": 31.2, "lng": 121.5}));
        assert_eq!(link(&placed, Platform::Android, Lang::ZhCn).unwrap(), "geo:31.20000,121.50000?q=31.20000,121.50000(A%26B)");
        assert!(
            link(&placed, Platform::Apple, Lang::ZhCn)
                .unwrap()
                .contains("position=121.50000,31.20000&name=A%26B&coordinate=wgs84")
        );
        let addressed = account("address", json!({"street": "1 Main St"}));
        assert_eq!(link(&addressed, Platform::Apple, Lang::En).unwrap(), "https://maps.apple.com/?daddr=1%20Main%20St");
        assert_eq!(link(&account("note", json!("x")), Platform::Other, Lang::En), None);
    }

    #[test]
    fn platforms_are_told_by_the_user_agent() {
        assert_eq!(Platform::of("Mozilla/5.0 (Linux; Android 15)"), Platform::Android);
        assert_eq!(Platform::of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)"), Platform::Apple);
        assert_eq!(Platform::of("Mozilla/5.0 (X11; Linux x86_64)"), Platform::Other);
    }
}
