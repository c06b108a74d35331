//! Accounts that gave way to another (sync.md, "Merge rules"). Merging rewrites nothing: the account keeps whatever refers to
//! it and names its survivor in one field, which every reader follows; clearing the field undoes it.

use crate::{Id, Row, fold, records::Account};

/// The field of an account that names the account it gave way to.
pub const MERGED_INTO: &str = "merged_into";

/// The account that `row` gave way to, if it is one that did.
pub fn target(row: &Row) -> Option<Id> {
    Some(row).filter(|row| row.kind == Account::KIND)?.reference(MERGED_INTO)
}

/// The account that stands for this one: the last living one on the way of [`target`]s, for most the account itself.
///
/// Two devices that merged two accounts into each other have made a circle until the server has refused one of them: the least
/// id of it stands for all, so that every account of it is found somewhere.
pub fn survivor<'r>(account: Id, row_of: &dyn Fn(Id) -> Option<&'r Row>) -> Id {
    let is_living = |id: &Id| row_of(*id).is_some_and(|row| row.kind == Account::KIND && row.is_alive());
    let mut way = vec![account];
    while let Some(next) = row_of(way[way.len() - 1]).and_then(target).filter(is_living) {
        if let Some(from) = way.iter().position(|passed| *passed == next) {
            return way.split_off(from).into_iter().min().unwrap_or(next);
        }
        way.push(next);
    }
    way[way.len() - 1]
}

/// Words that say what a company is in law, as [`fold::fold`] leaves them. They stand at the end of a name, 株式会社 before it too.
const LEGAL_WORDS: &str = " ltd limited co company inc incorporated corp corporation llc llp lp plc gmbh ag kg se sa sas sarl srl spa bv nv oy ab as aps pty pte sdn bhd kk ";
/// Those of Chinese and Japanese names, which stand without a space; longer ones first.
const LEGAL_ENDS: [&str; 7] = ["股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "股份公司", "株式会社", "株式會社"];

/// The part of an account's name by which people know it: folded, without marks between words and without what it is in law.
/// Says also whether it said what it is in law, as a registered name does and a shop's sign does not.
pub fn core(name: &str) -> (String, bool) {
    let folded = fold::fold(name);
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let before = words.len();
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_WORDS.contains(&format!(" {word} "))) {
        words.pop();
    }
    let joined = words.concat();
    let bare = LEGAL_ENDS.iter().find_map(|end| joined.strip_suffix(end).filter(|bare| !bare.is_empty()));
    let is_registered = bare.is_some() || words.len() < before;
    (bare.unwrap_or(&joined).to_owned(), is_registered)
}

/// A registration number as it is compared, whatever its spelling; `None` for what is too short or too uniform to mean one.
pub fn registration(number: &str) -> Option<String> {
    let folded: String = fold::fold(number).chars().filter(|c| c.is_alphanumeric()).collect();
    let is_uniform = folded.chars().all(|c| folded.starts_with(c));
    (folded.chars().count() >= 6 && !is_uniform).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, account, id};
    use serde_json::json;
    use std::collections::BTreeMap;

    fn rows(ways: &[(u128, u128)], count: u128) -> BTreeMap<Id, Row> {
        let mut rows: BTreeMap<Id, Row> = (0..count).map(|n| (id(n), account(id(n), "Acme", id(99)))).collect();
        for (from, to) in ways {
            let cell = rows[&id(*from)].cells["name"].clone();
            let cell = crate::row::Cell { value: json!(id(*to)), ..cell };
            rows.get_mut(&id(*from)).unwrap().cells.insert(MERGED_INTO.to_owned(), cell);
        }
        rows
    }

    #[test]
    fn a_chain_ends_at_the_last_living_account() {
        let mut rows = rows(&[(1, 2), (2, 3)], 5);
        let of = |rows: &BTreeMap<Id, Row>, n| survivor(id(n), &|id| rows.get(&id));
        assert_eq!([of(&rows, 1), of(&rows, 2), of(&rows, 3), of(&rows, 4), of(&rows, 77)], [3, 3, 3, 4, 77].map(id));
        let deleted = rows.get_mut(&id(3)).unwrap();
        deleted.deleted = Some(crate::row::Deleted { seen: deleted.clocks(), clock: crate::Clock::ZERO, by: id(99) });
        assert_eq!([of(&rows, 1), of(&rows, 2)], [2, 2].map(id), "what is deleted stands for nobody");
        rows.remove(&id(2));
        assert_eq!(of(&rows, 1), id(1), "nor what is not here");
    }

    /// Whatever devices made of it offline: who stands for others stands for himself, and every account has somebody.
    #[test]
    fn of_any_tangle_nothing_is_hidden_altogether() {
        for seed in 0..500 {
            let mut random = Random::new(seed);
            let ways: Vec<(u128, u128)> = (0..6).map(|_| (random.below(6) as u128, random.below(6) as u128)).collect();
            let rows = rows(&ways, 6);
            for n in 0..6 {
                let found = survivor(id(n), &|id| rows.get(&id));
                assert_eq!(survivor(found, &|id| rows.get(&id)), found, "seed {seed}");
            }
        }
    }

    #[test]
    fn names_are_alike_but_for_spelling_and_legal_form() {
        let same = [
            ["Acme Limited", "ACME Co., Ltd.", "Ａｃｍｅ Inc"],
            ["上海明珠贸易有限公司", "上海明珠贸易 有限责任公司", "上海（明珠）贸易股份有限公司"],
        ];
        for names in same {
            let [first, others @ ..] = names.map(core);
            assert!(first.1 && others.iter().all(|other| *other == first), "{names:?}");
        }
        assert_eq!(core("全家便利商店"), ("全家便利商店".to_owned(), false));
        assert_eq!(core("Ltd"), ("ltd".to_owned(), false), "a name is more than its legal form");
        assert_eq!(core("Company of Wolves"), ("companyofwolves".to_owned(), false));
        assert_ne!(core("Acme Berlin GmbH").0, core("Acme GmbH").0);
    }

    #[test]
    fn registration_numbers_are_compared_whatever_their_spelling() {
        assert_eq!(registration(" 91350100-m000100y43 "), registration("９１３５０１００M000100Y43"));
        assert_eq!([registration("n/a"), registration("00000000"), registration("")], [None, None, None]);
    }
}
