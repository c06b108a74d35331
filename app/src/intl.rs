//! The browser's `Intl`, with its costly formatters made once per language and options.

use domain::Lang;
use js_sys::{Array, Function, JSON, Reflect};
use std::{cell::RefCell, cmp::Ordering, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue};

/// A formatter of `Intl` and its `format` (or `compare`) function.
type Made = (JsValue, Function);
/// Constructor, language and options: what tells one formatter from another.
type Key = (&'static str, Lang, String);

/// Names with numbers in them go by these.
const NUMERIC: &str = r#"{"numeric":true}"#;

thread_local! {
    static MADE: RefCell<HashMap<Key, Option<Made>>> = RefCell::default();
}

/// What `new Intl.<class>(lang, options).format(…args)` answers; empty when the browser refuses.
/// `options` is JSON, because that is the shortest way to write an object.
pub fn formatted(class: &'static str, lang: Lang, options: &str, args: &[JsValue]) -> String {
    let Some((object, format)) = made(class, lang, options, "format") else { return String::new() };
    let args: Array = args.iter().collect();
    format.apply(&object, &args).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Sorts by name as the language does it (Chinese by pinyin or strokes), the items beside their names.
pub fn sort_by_name<T>(lang: Lang, items: Vec<(String, T)>) -> Vec<T> {
    // One call into the browser sorts all names; their places ride behind a separator that no name holds.
    let names: Array = items.iter().enumerate().map(|(at, (name, _))| JsValue::from(format!("{name}\u{1f}{at}"))).collect();
    if let Some((_, compare)) = made("Collator", lang, NUMERIC, "compare") {
        let sort = Reflect::get(&names, &"sort".into()).ok().and_then(|sort| sort.dyn_into::<Function>().ok());
        let _ = sort.map(|sort| sort.call1(&names, &compare));
    }
    let mut items: Vec<Option<T>> = items.into_iter().map(|(_, item)| Some(item)).collect();
    let place = |name: JsValue| name.as_string()?.rsplit('\u{1f}').next()?.parse::<usize>().ok();
    names.iter().filter_map(place).filter_map(|at| items.get_mut(at)?.take()).collect()
}

/// How a language orders names (Chinese by pinyin or strokes), asked name by name.
pub struct Collation(Option<Function>);

impl Collation {
    pub fn new(lang: Lang) -> Collation {
        Collation(made("Collator", lang, NUMERIC, "compare").map(|(_, compare)| compare))
    }

    /// Of two names that the browser holds.
    pub fn compare(&self, a: &JsValue, b: &JsValue) -> Ordering {
        let compared = self.0.as_ref().and_then(|compare| compare.call2(&JsValue::UNDEFINED, a, b).ok()?.as_f64());
        compared.and_then(|compared| compared.partial_cmp(&0.0)).unwrap_or(Ordering::Equal)
    }
}

fn made(class: &'static str, lang: Lang, options: &str, method: &str) -> Option<Made> {
    MADE.with_borrow_mut(|made| {
        made.entry((class, lang, options.to_owned())).or_insert_with(|| make(class, lang, options, method)).clone()
    })
}

fn make(class: &str, lang: Lang, options: &str, method: &str) -> Option<Made> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &class.into()).ok()?.dyn_into().ok()?;
    let options = JSON::parse(options).ok()?;
    let object = Reflect::construct(&class, &Array::of2(&lang.tag().into(), &options)).ok()?;
    let format = Reflect::get(&object, &method.into()).ok()?.dyn_into().ok()?;
    Some((object, format))
}
