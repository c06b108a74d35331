//! Every type: what it accepts, refuses, prints and sorts; and the laws all of them share.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn all() -> Vec<FieldType> {
    vec![
        Text::new(20).into(),
        LongText::new().into(),
        Integer::new().into(),
        Decimal::new().into(),
        Money::new().into(),
        Boolean::new().into(),
        Date::new().into(),
        Due::new().into(),
        Instant::new().into(),
        PartialDate::new().into(),
        Choice::new([["a", "First", "一", "一"], ["b", "Second", "二", "二"]]).into(),
        Reference::new("account").into(),
        References::new("account").into(),
        Tags::new().into(),
        Place::new().into(),
        Address::new().into(),
        PersonName::new().into(),
        Phone::new().into(),
        LabelledList::new(ListOf::Handles).into(),
        OpeningHours::new().into(),
        Attachment::new().into(),
        Anything::new().into(),
        QueryTree::new().into(),
        Tiles::new().into(),
    ]
}

fn check(ty: impl Into<FieldType>, cases: &[(&str, Result<Value, Problem>)]) {
    let ty = ty.into();
    for (text, expected) in cases {
        assert_eq!(&ty.rules().parse(text), expected, "{text:?} as {ty:?}");
    }
}

#[test]
fn numbers() {
    check(
        Integer::new(),
        &[("1,200", Ok(json!(1200))), ("12", Ok(json!(12))), ("1.5", Err(Problem::NotAWholeNumber)), ("", Ok(Value::Null))],
    );
    let wide = "9007199254740993";
    check(Integer::new(), &[(wide, Err(Problem::NotAWholeNumber))]);
    check(
        Decimal::new(),
        &[
            ("007.50", Ok(json!("7.5"))),
            ("-0.0", Ok(json!("0"))),
            ("1e3", Err(Problem::NotANumber)),
            ("12.3456789", Err(Problem::NotANumber)),
        ],
    );
    check(Boolean::new(), &[("是", Ok(json!(true))), ("No", Ok(json!(false))), ("maybe", Err(Problem::NotYesOrNo))]);
}

#[test]
fn money_is_in_minor_units_and_never_without_a_currency() {
    let money = |minor: i64, currency: &str| Ok(json!({ "minor": minor, "currency": currency }));
    check(
        Money::new(),
        &[
            ("1,200.5 CNY", money(120_050, "CNY")),
            ("¥8", money(800, "CNY")),
            ("NT$ 300", money(30_000, "TWD")),
            ("500 JPY", money(500, "JPY")),
        ],
    );
    check(
        Money::new(),
        &[("12", Err(Problem::NoCurrency)), ("x USD", Err(Problem::NotMoney)), ("1.2.3 USD", Err(Problem::NotANumber))],
    );
    assert_eq!(Money::of("1100.04", "USD", 1_000_000), money(110_004_000_000, "USD"));
    assert_eq!(Money::new().print(&json!({ "minor": -5, "currency": "USD" }), Lang::En), "-0.05 USD");
}

#[test]
fn dates() {
    check(
        Date::new(),
        &[
            ("2026/2/9", Ok(json!("2026-02-09"))),
            ("2026年11月24日", Ok(json!("2026-11-24"))),
            ("2026-02-30", Err(Problem::NotADate)),
        ],
    );
    check(
        Due::new(),
        &[
            ("2026-11-24", Ok(json!("2026-11-24"))),
            ("2026-11-24 9:30", Ok(json!("2026-11-24T09:30"))),
            ("2026-11-24 25:00", Err(Problem::NotATime)),
        ],
    );
    check(
        PartialDate::new(),
        &[
            ("1980", Ok(json!("1980"))),
            ("1980-2", Ok(json!("1980-02"))),
            ("--02-29", Ok(json!("--02-29"))),
            ("2/29", Ok(json!("--02-29"))),
        ],
    );
    check(PartialDate::new(), &[("1980-02-30", Err(Problem::NotADate)), ("soon", Err(Problem::NotADate))]);
    check(Instant::new(), &[("1970-01-01T00:00:01Z", Ok(json!(1000))), ("yesterday", Err(Problem::NotATime))]);
}

#[test]
fn people() {
    let name = |family: &str, given: &str, order: &str| Ok(json!({ "family": family, "given": given, "order": order }));
    check(
        PersonName::new(),
        &[("王小明", name("王", "小明", "family_first")), ("欧阳娜娜", name("欧阳", "娜娜", "family_first"))],
    );
    check(PersonName::new(), &[("Anna Maria Snelling", name("Snelling", "Anna Maria", "given_first"))]);
    check(
        Phone::new(),
        &[
            ("+86 138-0000 0000", Ok(json!({ "typed": "+86 138-0000 0000", "digits": "+8613800000000" }))),
            ("12", Err(Problem::NotAPhone)),
        ],
    );
    check(
        LabelledList::new(ListOf::Handles),
        &[(
            "WeChat: wang88; 微信:li; 仓库: li2",
            Ok(
                json!([{ "label": "wechat", "value": "wang88" }, { "label": "wechat", "value": "li" }, { "label": "仓库", "value": "li2" }]),
            ),
        )],
    );
    let phones = LabelledList::new(ListOf::Phones);
    let stored = json!([{ "label": "front_desk", "value": "110" }, { "label": "手機", "value": "119" }, { "label": "Gate", "value": "120" }]);
    assert_eq!(phones.print(&stored, Lang::ZhCn), "前台: 110; 手机: 119; Gate: 120");
    assert_eq!(phones.print(&stored, Lang::En), "Front desk: 110; Mobile: 119; Gate: 120");
    check(LabelledList::new(ListOf::Phones), &[("office: none", Err(Problem::NotAPhone))]);
}

#[test]
fn places_and_hours() {
    check(
        Place::new(),
        &[
            ("31.23, 121.47", Ok(json!({ "lat": 31.23, "lng": 121.47 }))),
            ("-.5 -0.123456789012999", Ok(json!({ "lat": -0.5, "lng": -0.123456789012 }))),
            ("91, 0", Err(Problem::NotAPlace)),
            ("1e1, 0", Err(Problem::NotAPlace)),
            ("., 0", Err(Problem::NotAPlace)),
            ("31, --2", Err(Problem::NotAPlace)),
        ],
    );
    let (bund, tower) =
        (PlaceValue { lat: 31.2400, lng: 121.4900, accuracy: None }, PlaceValue { lat: 31.2397, lng: 121.4998, accuracy: None });
    assert!((bund.distance(&tower) - 932.0).abs() < 5.0, "{}", bund.distance(&tower));
    let everywhere = [-90.0, -45.5, 0.0, 31.23, 90.0].map(|lat| [-180.0, -121.4, 0.0, 121.47, 180.0].map(|lng| (lat, lng)));
    for (from, to) in everywhere.iter().flatten().flat_map(|from| everywhere.iter().flatten().map(move |to| (from, to))) {
        let place = |(lat, lng): (f64, f64)| PlaceValue { lat, lng, accuracy: None };
        let [a, b, dlng] = [from.0, to.0, to.1 - from.1].map(f64::to_radians);
        let cosine = a.sin() * b.sin() + a.cos() * b.cos() * dlng.cos();
        let expected = 6_371_000.0 * cosine.clamp(-1.0, 1.0).acos();
        let found = place(*from).distance(&place(*to));
        assert!((found - expected).abs() < 1.0, "{from:?} to {to:?}: {found}, expected {expected}");
    }
    let hours = json!([{ "days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00" }]);
    check(
        OpeningHours::new(),
        &[
            ("Mon-Fri 9:00-18:00", Ok(hours.clone())),
            ("周一至周五 09:00-18:00", Ok(hours.clone())),
            ("always", Err(Problem::NotOpeningHours)),
        ],
    );
    assert_eq!(OpeningHours::new().print(&hours, Lang::ZhTw), "週一-週五 09:00-18:00");
}

proptest! {
    #[test]
    fn coordinates_are_the_numbers_nearest_to_what_is_written(whole in 0u32..90, places in "[0-9]{0,12}") {
        let text = format!("{whole}.{places}");
        let lat: f64 = text.parse().unwrap();
        prop_assert_eq!(Place::new().parse(&format!("{text}, 0")), Ok(json!({ "lat": lat, "lng": 0.0 })));
    }
}

#[test]
fn choices_are_found_by_their_name_in_any_language_and_unknown_ids_are_kept() {
    let choice = Choice::new([["a", "First", "一", "一"], ["b", "Second", "二", "二"]]);
    check(choice.clone(), &[("second", Ok(json!("b"))), ("一", Ok(json!("a"))), ("third", Err(Problem::NotAChoice))]);
    assert_eq!(choice.normalise(&json!("from_a_newer_app")), Ok(json!("from_a_newer_app")));
    assert!(choice.compare(&json!("a"), &json!("b")).is_lt());
}

#[test]
fn a_query_is_kept_in_the_form_it_is_stored_in() {
    let stored = json!({ "v": 1, "from": "account" });
    check(
        QueryTree::new(),
        &[(r#"{"from":"account"}"#, Ok(stored)), ("all of it", Err(Problem::NotAQuery)), ("[1]", Err(Problem::NotAQuery))],
    );
    assert_eq!(QueryTree::new().normalise(&json!({ "from": "account", "sort": "name" })), Err(Problem::NotAQuery));
}

#[test]
fn every_type_is_listed_here_and_has_a_problem_with_a_sentence() {
    for ty in all() {
        let refused = [json!({ "x": 1 }), json!([[]]), json!(1.5), json!("\u{0}")]
            .into_iter()
            .filter_map(|value| ty.rules().normalise(&value).err());
        for problem in refused {
            assert!(Lang::ALL.iter().all(|lang| problem.message(*lang).ends_with(['.', '。'])), "{problem:?}");
            assert_eq!(problem.code() == "too_long", matches!(problem, Problem::TooLong(_)));
        }
        assert_eq!(ty.rules().normalise(&Value::Null), Ok(Value::Null));
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["2026-11-24", "13800000000", "Mon 09:00-10:00", "a", "12.50", "1 USD", "王小明"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(
                prop::sample::select(vec!["lat", "lng", "minor", "currency", "family", "typed", "street", "days"])
                    .prop_map(str::to_owned),
                inner,
                0..4
            )
            .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_canonical_stays_as_it_is(value in json_value()) {
        for ty in all() {
            if let Ok(canonical) = ty.rules().normalise(&value) {
                prop_assert_eq!(ty.rules().normalise(&canonical), Ok(canonical.clone()), "{:?}", ty);
                ty.rules().print(&canonical, Lang::ZhCn);
            }
        }
    }

    #[test]
    fn any_text_parses_to_something_canonical_or_a_problem(text in any::<String>()) {
        for ty in all() {
            if let Ok(value) = ty.rules().parse(&text) {
                prop_assert_eq!(ty.rules().normalise(&value), Ok(value.clone()), "{:?}", ty);
            }
        }
    }

    #[test]
    fn sorting_is_an_order(a in json_value(), b in json_value()) {
        for ty in all() {
            let rules = ty.rules();
            if let (Ok(a), Ok(b)) = (rules.normalise(&a), rules.normalise(&b)) {
                prop_assert_eq!(rules.compare(&a, &b), rules.compare(&b, &a).reverse(), "{:?}", ty);
            }
        }
    }
}
