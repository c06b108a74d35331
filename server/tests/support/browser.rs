use super::app::header_of;
use axum::http::header;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;

/// Somebody at a device, with at most the session cookie.
#[derive(Clone)]
pub struct Browser {
    pub cookie: Option<String>,
    client: Client,
    origin: String,
}

impl Browser {
    pub fn new(origin: &str) -> Self {
        let client = Client::builder().no_gzip().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Browser { cookie: None, client, origin: origin.into() }
    }

    /// The same with another cookie.
    pub fn with_cookie(self, cookie: String) -> Self {
        Browser { cookie: Some(cookie), ..self }
    }

    /// Any request, with the cookie.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.origin));
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    /// A server function's answer: (status, JSON).
    pub async fn call(&self, function: &str, arguments: Value) -> (u16, Value) {
        let response = self.post(&format!("/api/fn/{function}"), &arguments).await;
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Takes over the cookie of an answer.
    pub fn keep_cookie(&mut self, response: &Response) {
        let set = header_of(response, header::SET_COOKIE);
        self.cookie = set.split(';').next().filter(|pair| !pair.is_empty()).map(Into::into);
    }
}

/// (status, code, message) of an error, which has a sentence and a code whatever it is.
pub async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} without JSON: {text}"));
    let message = body["message"].as_str().unwrap_or_default();
    assert!(message.len() > 10 && message.ends_with('.'), "{status} without a sentence: {text}");
    (status, body["code"].as_str().expect("a code").to_owned())
}
