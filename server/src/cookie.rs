//! The session cookie.

use crate::secret::Token;
use axum::http::{HeaderMap, HeaderValue, header};

/// Browsers keep a cookie for at most 400 days; the server ends an idle session long before.
const MAX_AGE_S: u32 = 400 * 86_400;

/// The session token among the request's cookies.
pub fn read(headers: &HeaderMap, secure: bool) -> Option<Token> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name(secure))
        .map(|(_, value)| Token::presented(value))
}

/// A `Set-Cookie` that signs in.
pub fn set(token: &Token, secure: bool) -> HeaderValue {
    build(token.reveal(), MAX_AGE_S, secure)
}

/// A `Set-Cookie` that signs out.
pub fn clear(secure: bool) -> HeaderValue {
    build("", 0, secure)
}

/// `__Host-` makes browsers refuse the cookie unless it is secure, for this host alone and for every path.
fn name(secure: bool) -> &'static str {
    if secure { "__Host-rounds_session" } else { "rounds_session" }
}

fn build(value: &str, max_age_s: u32, secure: bool) -> HeaderValue {
    // Strict can be afforded: the shell is the same for everybody, and its own requests are same-site.
    let flags = if secure { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{flags}", name(secure));
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_only_the_host_cookie_counts() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; rounds_session=evil"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-rounds_session=good"));
        assert_eq!(read(&headers, true).unwrap().reveal(), "good");
        assert_eq!(read(&headers, false).unwrap().reveal(), "evil");
        let set = set(&Token::presented("t"), true);
        assert_eq!(set, "__Host-rounds_session=t; Path=/; Max-Age=34560000; HttpOnly; SameSite=Strict; Secure");
    }
}
