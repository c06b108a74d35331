//! Requests to the own server.

use domain::{
    Id,
    wire::{MEMBER, SYNC},
};
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, ReadableWritablePair, Request, RequestCache, RequestCredentials, RequestInit, RequestRedirect,
    Response,
};

use super::timer::Timer;
use crate::transport::{Reply, Transport};

/// The browser's `fetch`, with the session's cookie, to paths of the own origin.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fetch {
    member: Option<Id>,
}

/// A request that has not been answered in full by then counts as lost.
const TIMEOUT_MS: u32 = 60_000;
/// As long a whole file may take on a slow line.
const DOWNLOAD_MS: u32 = 600_000;
/// Below this many bytes, compressing costs more than it saves.
const COMPRESS_FROM: usize = 1_024;

impl Transport for Fetch {
    async fn sync(&self, body: String) -> Reply {
        self.post_json(SYNC, body).await
    }
}

impl Fetch {
    /// For the device of a member: under anybody else's session the server answers as if there were none.
    pub fn of(member: Id) -> Fetch {
        Fetch { member: Some(member) }
    }

    /// Posts a JSON body, compressed when it is long.
    pub async fn post_json(&self, path: &str, body: String) -> Reply {
        self.reply(path, Body::Json(body)).await
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Reply {
        self.reply(path, Body::None).await
    }

    /// Puts a part of a file.
    pub async fn put(&self, path: &str, bytes: &JsValue) -> Reply {
        self.reply(path, Body::Bytes(bytes)).await
    }

    /// Gets a file; `None` where it cannot be had now.
    pub async fn get_bytes(&self, path: &str) -> Option<Uint8Array> {
        self.bytes(path, Body::None).await
    }

    /// Posts a JSON body that a file answers; `None` where it cannot be had now.
    pub async fn post_for_bytes(&self, path: &str, body: String) -> Option<Uint8Array> {
        self.bytes(path, Body::Json(body)).await
    }

    async fn bytes(&self, path: &str, body: Body<'_>) -> Option<Uint8Array> {
        let (response, _timer) = send(path, body, self.member, DOWNLOAD_MS).await.ok().filter(|(found, _)| found.ok())?;
        Some(Uint8Array::new(&JsFuture::from(response.array_buffer().ok()?).await.ok()?))
    }

    async fn reply(&self, path: &str, body: Body<'_>) -> Reply {
        let reply = async {
            let (response, _timer) = send(path, body, self.member, TIMEOUT_MS).await?;
            read(&response).await
        };
        reply.await.unwrap_or(Reply::Unreachable)
    }
}

/// What is sent, which says how.
enum Body<'a> {
    None,
    Json(String),
    Bytes(&'a JsValue),
}

/// The answer, and the timer that gives it up unless it is read while that lives.
async fn send(path: &str, body: Body<'_>, member: Option<Id>, timeout_ms: u32) -> Result<(Response, Timer), JsValue> {
    let abort = AbortController::new()?;
    let timer = Timer::after(timeout_ms, {
        let abort = abort.clone();
        move || abort.abort()
    });
    let options = RequestInit::new();
    options.set_signal(Some(&abort.signal()));
    options.set_credentials(RequestCredentials::SameOrigin);
    options.set_cache(RequestCache::NoStore);
    // Only a captive portal would send us elsewhere.
    options.set_redirect(RequestRedirect::Error);
    let mut packed = None;
    match &body {
        Body::None => {}
        Body::Json(text) => {
            if text.len() > COMPRESS_FROM {
                packed = gzip(text).await;
            }
            options.set_method("POST");
            options.set_body(packed.as_ref().unwrap_or(&JsValue::from_str(text)));
        }
        Body::Bytes(bytes) => {
            options.set_method("PUT");
            options.set_body(bytes);
        }
    }
    let request = Request::new_with_str_and_init(path, &options)?;
    request.headers().set("accept", "application/json")?;
    if let Some(member) = member {
        request.headers().set(MEMBER, &member.to_string())?;
    }
    if matches!(body, Body::Json(_)) {
        request.headers().set("content-type", "application/json")?;
    }
    if packed.is_some() {
        request.headers().set("content-encoding", "gzip")?;
    }
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let response = JsFuture::from(window.fetch_with_request(&request)).await?.dyn_into()?;
    Ok((response, timer))
}

async fn read(response: &Response) -> Result<Reply, JsValue> {
    let header = |name| response.headers().get(name).ok().flatten();
    let body = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    if !response.ok() {
        let retry_after_s = header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
        return Ok(Reply::Status { code: response.status(), body, retry_after_s });
    }
    // The server answers in JSON; a page is a captive portal's.
    let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    Ok(if is_page { Reply::Unreachable } else { Reply::Ok(body) })
}

/// The compressed body, or `None` where the browser cannot compress.
async fn gzip(body: &str) -> Option<JsValue> {
    // Made by hand, since it is not yet in the stable bindings.
    let make: Function = Reflect::get(&js_sys::global(), &"CompressionStream".into()).ok()?.dyn_into().ok()?;
    let gzip = Reflect::construct(&make, &Array::of1(&"gzip".into())).ok()?;
    let plain = Blob::new_with_str_sequence(&Array::of1(&body.into())).ok()?;
    let packed = plain.stream().pipe_through(gzip.unchecked_ref::<ReadableWritablePair>());
    let packed = Response::new_with_opt_readable_stream(Some(&packed)).ok()?;
    // A stream as a request's body needs HTTP/2, so it is gathered first.
    JsFuture::from(packed.array_buffer().ok()?).await.ok()
}
