use crate::AnswerJson;
use domain::reads;
use serde::Serialize;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use std::fmt;

/// Why the server refused, or that it could not be reached. The same JSON as every error of the HTTP interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Machine-readable, in snake case, such as `not_allowed`.
    pub code: String,
    /// One sentence saying what to do.
    pub message: String,
    /// The argument at fault, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

reads!(Fault { code, message, field });

impl Fault {
    /// The code of a call that never reached the server.
    pub const OFFLINE: &str = "offline";

    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Fault { code: code.into(), message: message.into(), field: None }
    }

    /// Nobody answered: worth trying again once there is a network.
    pub fn is_offline(&self) -> bool {
        self.code == Self::OFFLINE
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl FromServerFnError for Fault {
    type Encoder = AnswerJson;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Request(_) => {
                Fault::new(Self::OFFLINE, "The server cannot be reached. Try again when you are online.")
            }
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => {
                Fault::new("malformed", "The request could not be read. Check its arguments.")
            }
            // On the server this is a body that is not what the function takes; on the device an answer that is not ours.
            ServerFnErrorErr::Deserialization(_) => {
                Fault::new("malformed", "The message could not be read. Reload the page and try again.")
            }
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Response(_) => {
                Fault::new("internal", "Something went wrong on the server. Try again in a minute.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_every_error_answer() {
        let fault = Fault::new("not_allowed", "Ask your manager.");
        assert_eq!(fault.ser(), r#"{"code":"not_allowed","message":"Ask your manager."}"#);
        assert_eq!(Fault::de(fault.ser()), fault);
    }

    #[test]
    fn not_allowed_and_offline_are_told_apart() {
        assert!(Fault::from_server_fn_error(ServerFnErrorErr::Request("reset".into())).is_offline());
        assert!(!Fault::new("not_allowed", "Ask your manager.").is_offline());
    }
}
