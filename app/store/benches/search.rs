//! How long a letter takes over a large territory, natively: `cargo bench -p store --bench search`.

use domain::{
    Id, Row, Schema,
    records::schema,
    search::{Circumstances, Han, Typed},
    testing::{Random, id, row},
};
use serde_json::json;
use std::{sync::Arc, time::Instant};
use store::{Search, View};

const ACCOUNTS: usize = 50_000;
const FOLLOW_UPS: usize = 200_000;

fn pick<'a>(random: &mut Random, words: &[&'a str]) -> &'a str {
    words[random.below(words.len())]
}

fn territory(random: &mut Random) -> Vec<Row> {
    let cities = ["上海", "北京", "广州", "深圳", "臺北", "高雄", "长沙", "重庆", "厦门", "杭州"];
    let names = ["明珠", "东方", "华联", "金龙", "恒通", "國際", "宏達", "瑞丰", "新世纪", "永安", "乐天", "长城"];
    let trades = ["贸易", "科技", "餐饮", "建材", "食品", "電子", "物流", "医药"];
    let families = ["王", "李", "张", "陈", "單", "曾", "区", "仇", "欧阳", "Smith", "Müller"];
    let purposes = ["送样品", "谈报价", "合同签约", "回访", "December price list", "收款", "拜访新店长"];
    let notes = [
        "客户说下周再定，希望价格再优惠一些，已经把报价单发到微信。",
        "门店在装修，店长不在，改天再来。",
        "Showed the samples, he will talk to his boss and call back on Friday.",
    ];
    let mut rows = Vec::with_capacity(ACCOUNTS * 2 + FOLLOW_UPS);
    for n in 0..ACCOUNTS {
        let (city, street) = (pick(random, &cities), random.below(900));
        let name = format!("{city}{}{}{}有限公司 {n}", pick(random, &names), pick(random, &names), pick(random, &trades));
        rows.push(row(
            "account",
            id(1_000_000 + n as u128),
            &[
                ("name", json!(name)),
                ("owner", json!(id(random.below(50) as u128 + 1))),
                ("place", json!({"lat": 31.0 + random.below(1000) as f64 / 1000.0, "lng": 121.0})),
                ("address", json!({"city": format!("{city}市"), "street": format!("中山路 {street} 号")})),
                ("industry", json!(pick(random, &trades))),
            ],
        ));
        let person = json!({"family": pick(random, &families), "given": pick(random, &names), "order": "family_first"});
        let mobile = format!("138{:08}", random.below(100_000_000));
        rows.push(row(
            "contact",
            id(3_000_000 + n as u128),
            &[
                ("account", json!(id(1_000_000 + n as u128))),
                ("name", person),
                ("mobile", json!({"typed": mobile, "digits": mobile})),
            ],
        ));
    }
    for n in 0..FOLLOW_UPS {
        rows.push(row(
            "follow_up",
            id(9_000_000 + n as u128),
            &[
                ("account", json!(id(1_000_000 + random.below(ACCOUNTS) as u128))),
                ("purpose", json!(pick(random, &purposes))),
                ("text", json!(format!("{} {}", pick(random, &notes), pick(random, &notes)))),
            ],
        ));
    }
    rows
}

fn main() {
    let mut random = Random::new(1);
    let (schema, han): (Schema, Arc<Han>) = (schema(), Arc::new(Han::read(&han::table()).unwrap_or_default()));
    let view = View::new(territory(&mut random), []);
    let mut search = Search::new(han.clone(), &schema);
    let start = Instant::now();
    search.touch(view.rows().map(|row| row.id).collect::<Vec<Id>>());
    while !search.read(&view, &schema, id(1), 500) {}
    println!("{:>8.1} ms  reading {} records", start.elapsed().as_secs_f64() * 1e3, view.rows().count());
    let circumstances = Circumstances { recents: (0..12).map(|n| id(1_000_000 + n)).collect(), here: None };
    let queries = [
        "mingzhu",
        "shmz",
        "明珠",
        "上海明珠贸易",
        "changsha jinlong",
        "13800012345",
        "1380013",
        "smith",
        "price list",
        "shanmz",
        "ouyang",
        "报价 明珠",
        "zhongshanlu 88",
        "東方 國際",
        "xyzzy",
        "12345",
        "装修",
        "boss friday",
        "mueller",
        "王明珠",
    ];
    let (mut letters, mut titles) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        for query in queries {
            let ends = query.char_indices().map(|(at, c)| at + c.len_utf8());
            for end in ends {
                let typed = Typed::read(&han, &schema, &query[..end]);
                let start = Instant::now();
                if search.first_by_start("account", &typed, &[], &circumstances, 8).is_none() {
                    std::hint::black_box(search.first_by_title("account", &typed, &[], &circumstances, 8));
                }
                titles.push((start.elapsed().as_secs_f64() * 1e3, &query[..end]));
                let start = Instant::now();
                std::hint::black_box(search.find(&typed, &[], &circumstances, &|_, _| true, 50));
                letters.push((start.elapsed().as_secs_f64() * 1e3, &query[..end]));
            }
        }
    }
    print("a letter, until all is found", letters);
    print("a letter, until the first accounts are", titles);
    // A delta of a pull, read between two letters.
    let touched: Vec<Id> = view.rows().take(10_000).map(|row| row.id).collect();
    let start = Instant::now();
    search.touch(touched);
    while !search.read(&view, &schema, id(1), 500) {}
    println!("{:>8.1} ms  reading 10,000 changed records", start.elapsed().as_secs_f64() * 1e3);
}

fn print(what: &str, mut letters: Vec<(f64, &str)>) {
    letters.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |percent: usize| letters[(letters.len() * percent / 100).min(letters.len() - 1)];
    println!("{:>8.1} ms  {what}, median of {}", at(50).0, letters.len());
    println!("{:>8.1} ms  {what}, p95", at(95).0);
    for (ms, typed) in letters.iter().rev().take(12) {
        println!("{ms:>8.1} ms  {typed:?}");
    }
}
