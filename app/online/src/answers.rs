//! The JSON of the answers, read like everything that the device reads: from tables (`domain::json`), not by a derive's code.

use domain::json::{self, FromJson, Wrong};
use serde::Serialize;
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post};

/// JSON in the body of the answer to a `POST` request.
pub type Answers = Post<AnswerJson>;

#[derive(Debug)]
pub struct AnswerJson;

impl ContentType for AnswerJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for AnswerJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for AnswerJson {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: FromJson> Decodes<T> for AnswerJson {
    type Error = Wrong;

    fn decode(bytes: Bytes) -> Result<T, Wrong> {
        std::str::from_utf8(&bytes).ok().and_then(json::parse).ok_or(Wrong::expected("an answer of this function"))
    }
}
