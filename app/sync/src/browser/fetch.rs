//! Requests to the own server.

use domain::{
    Id,
    wire::{MEMBER, SYNC},
};
use js_sys::{Array, Function, Reflect};
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
        send(path, Some(body), self.member).await.unwrap_or(Reply::Unreachable)
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Reply {
        send(path, None, self.member).await.unwrap_or(Reply::Unreachable)
    }
}

async fn send(path: &str, body: Option<String>, member: Option<Id>) -> Result<Reply, JsValue> {
    let abort = AbortController::new()?;
    // It lives until the body is read, so that a stalled answer is given up too.
    let _timer = Timer::after(TIMEOUT_MS, {
        let abort = abort.clone();
        move || abort.abort()
    });
    let options = RequestInit::new();
    options.set_signal(Some(&abort.signal()));
    options.set_credentials(RequestCredentials::SameOrigin);
    options.set_cache(RequestCache::NoStore);
    // Only a captive portal would send us elsewhere.
    options.set_redirect(RequestRedirect::Error);
    let packed = match &body {
        Some(body) if body.len() > COMPRESS_FROM => gzip(body).await,
        _ => None,
    };
    if let Some(body) = &body {
        options.set_method("POST");
        options.set_body(packed.as_ref().unwrap_or(&JsValue::from_str(body)));
    }
    let request = Request::new_with_str_and_init(path, &options)?;
    request.headers().set("accept", "application/json")?;
    if let Some(member) = member {
        request.headers().set(MEMBER, &member.to_string())?;
    }
    if body.is_some() {
        request.headers().set("content-type", "application/json")?;
    }
    if packed.is_some() {
        request.headers().set("content-encoding", "gzip")?;
    }
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let response: Response = JsFuture::from(window.fetch_with_request(&request)).await?.dyn_into()?;
    read(&response).await
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
