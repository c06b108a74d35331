//! Time and chance.

/// The device's clock, in UTC milliseconds. It may be wrong and may jump.
pub fn now_ms() -> i64 {
    // Whole milliseconds far below 2^53.
    js_sys::Date::now() as i64
}

/// Random bytes for ids, from the browser's cryptographic source where it has one.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let filled = web_sys::window().and_then(|window| window.crypto().ok()).map(|crypto| {
        // Only more than 65,536 bytes are refused.
        crypto.get_random_values_with_u8_array(&mut bytes).is_ok()
    });
    if filled != Some(true) {
        bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes
}
