//! Why the server refused, in the language of the user: its own sentence is English.

use crate::text::tr;
use domain::Lang;

/// What to do about a refusal; the server's sentence where its code is not known here.
pub fn words(lang: Lang, code: &str, message: &str) -> String {
    match code {
        "offline" => tr(lang, "refused.offline"),
        "wrong_credentials" => tr(lang, "refused.wrong_credentials"),
        "link_invalid" => tr(lang, "refused.link_invalid"),
        "member_inactive" => tr(lang, "refused.member_inactive"),
        "too_many_attempts" => tr(lang, "refused.too_many_attempts"),
        "not_allowed" => tr(lang, "refused.not_allowed"),
        "unauthenticated" => tr(lang, "refused.unauthenticated"),
        "wrong_password" => tr(lang, "refused.wrong_password"),
        "password_length" => tr(lang, "refused.password_length"),
        _ if message.is_empty() => tr(lang, "refused.internal"),
        _ if lang == Lang::En => message.to_owned(),
        _ => tr(lang, "refused.internal"),
    }
}
