use super::*;
use crate::{
    Clock, Id, Lang, Row, Value,
    change::Act,
    query::ready as queries,
    records::Dashboard,
    testing::{Random, op},
    types::{Tiles, Typed},
};
use proptest::prelude::*;

fn ids(tiles: &[Tile]) -> Vec<&str> {
    tiles.iter().map(|tile| tile.id.as_str()).collect()
}

fn some(count: usize) -> Vec<Tile> {
    let mut tiles = Vec::new();
    (0..count).for_each(|at| add(&mut tiles, &format!("t{at}"), "overdue", "list"));
    tiles
}

#[test]
fn every_role_has_one_of_queries_that_come_with_the_app_with_words_in_every_language() {
    let known: Vec<&str> = queries::all().iter().map(|query| query.id).collect();
    for role in Role::ALL {
        let offered = ready(role);
        assert_eq!(offered[0].id, role.id());
        for Ready { id, label, tiles } in offered {
            assert!(Lang::ALL.iter().all(|lang| !label.get(*lang).is_empty()), "{id}");
            assert!(tiles.len() >= 6 && tiles.iter().all(|tile| known.contains(&tile.query.as_str())), "{id}");
            // As a record keeps it, it is the same.
            assert_eq!(Tiles::read(&Tiles::stored(&tiles)), Some(tiles), "{id}");
        }
    }
    assert_eq!(ready(Role::Rep).len(), 1);
    assert_eq!(ready(Role::Administrator).iter().map(|ready| ready.id).collect::<Vec<_>>(), ["administrator", "manager", "rep"]);
}

#[test]
fn a_tile_moves_one_place_and_stays_at_the_end() {
    let mut tiles = some(3);
    assert_eq!(shift(&mut tiles, "t0", true, 5), Some(1));
    assert_eq!(ids(&tiles), ["t1", "t0", "t2"]);
    assert_eq!(shift(&mut tiles, "t1", false, 6), None);
    assert_eq!(shift(&mut tiles, "t2", true, 6), None);
    assert_eq!(shift(&mut tiles, "nobody", true, 6), None);
    assert_eq!(shift(&mut tiles, "t2", false, 7), Some(1));
    assert_eq!(Tiles::read(&Tiles::stored(&tiles)).as_deref(), Some(tiles.as_slice()));
}

#[test]
fn only_the_tile_that_moves_is_written_while_there_is_room() {
    let mut tiles = some(5);
    let before = tiles.clone();
    shift(&mut tiles, "t3", false, 9);
    assert_eq!(tiles.iter().filter(|tile| !before.contains(tile)).count(), 1);
}

#[test]
fn tiles_find_room_however_often_they_move() {
    let (mut tiles, mut random, mut expected) = (some(4), Random::new(3), vec![0, 1, 2, 3]);
    for step in 0..2_000 {
        let (id, down) = (random.below(4), random.chance(50));
        let from = expected.iter().position(|one| *one == id).unwrap();
        let to = if down { (from + 1).min(3) } else { from.saturating_sub(1) };
        expected.swap(from, to);
        shift(&mut tiles, &format!("t{id}"), down, step);
        let read = Tiles::read(&Tiles::stored(&tiles)).unwrap();
        assert_eq!(ids(&read), expected.iter().map(|id| format!("t{id}")).collect::<Vec<_>>(), "step {step}");
    }
}

/// Two devices and what each has on its dashboard.
struct Device {
    number: u128,
    n: u64,
    row: Row,
}

impl Device {
    fn tiles(&self) -> Vec<Tile> {
        Tiles::read(&self.row.value("tiles")).unwrap_or_default()
    }

    /// Writes as a draft does: what is not there any more is removed, what is new is added.
    fn save(&mut self, tiles: &[Tile]) -> Vec<crate::change::Op> {
        let stored = Tiles::stored(tiles);
        let (wanted, held): (Vec<Value>, Vec<Value>) =
            (stored.as_array().unwrap().clone(), self.row.elements("tiles").into_iter().cloned().collect());
        let id = Id::from_u128(self.number);
        let clock = Clock { ms: 1_000 + self.n as i64, counter: 0, device: id };
        let field = || "tiles".to_owned();
        let gone = held.iter().filter(|one| !wanted.contains(one)).map(|element| {
            let seen = self.row.sets["tiles"][&element.to_string()].added.keys().copied().collect();
            Act::Remove { field: field(), element: element.clone(), clock, seen }
        });
        let new = wanted.iter().filter(|one| !held.contains(one));
        let acts: Vec<Act> =
            gone.chain(new.map(|element| Act::Add { field: field(), element: element.clone(), clock })).collect();
        let mut ops = Vec::new();
        for act in acts {
            self.n += 1;
            ops.push(op(id, self.n, id, 0, Dashboard::KIND, self.row.id, act));
        }
        self.hear(&ops);
        ops
    }

    fn hear(&mut self, ops: &[crate::change::Op]) {
        for op in ops {
            op.writes.iter().for_each(|write| _ = self.row.apply(op, &write.act, 0));
        }
    }
}

fn two(tiles: &[Tile]) -> [Device; 2] {
    let row = || Row::new(Dashboard::KIND, Id::from_u128(9));
    let mut devices = [1, 2].map(|number| Device { number, n: 0, row: row() });
    let ops = devices[0].save(tiles);
    devices[1].hear(&ops);
    devices
}

#[test]
fn what_two_people_change_without_a_network_is_kept_of_both() {
    let [mut ann, mut bob] = two(&some(3));
    let (mut of_ann, mut of_bob) = (ann.tiles(), bob.tiles());
    add(&mut of_ann, "ann", "my_week", "list");
    of_ann[1].wide.say(true, 70);
    shift(&mut of_ann, "t2", false, 71);
    of_ann.retain(|tile| tile.id != "t0");
    add(&mut of_bob, "bob", "birthdays", "number");
    of_bob[1].shown.say("number".into(), 60);
    let (from_ann, from_bob) = (ann.save(&of_ann), bob.save(&of_bob));
    ann.hear(&from_bob);
    bob.hear(&from_ann);
    assert_eq!(ann.tiles(), bob.tiles());
    let merged = ann.tiles();
    assert_eq!(ids(&merged), ["t2", "t1", "ann", "bob"]);
    let t1 = &merged[1];
    assert!(t1.wide.value && t1.shown.value == "number", "both changes of one tile: {t1}");
}

#[test]
fn of_one_part_the_later_word_holds_and_a_change_that_was_not_seen_brings_a_tile_back() {
    let [mut ann, mut bob] = two(&some(2));
    let (mut of_ann, mut of_bob) = (ann.tiles(), bob.tiles());
    of_ann[0].shown.say("table".into(), 50);
    of_ann.retain(|tile| tile.id != "t1");
    of_bob[0].shown.say("number".into(), 40);
    of_bob[1].wide.say(true, 40);
    let (from_ann, from_bob) = (ann.save(&of_ann), bob.save(&of_bob));
    ann.hear(&from_bob);
    bob.hear(&from_ann);
    assert_eq!(ann.tiles(), bob.tiles());
    assert_eq!(ids(&ann.tiles()), ["t0", "t1"]);
    assert_eq!(ann.tiles()[0].shown.value, "table");
    // The next change of the tile leaves one text of it.
    let mut tiles = ann.tiles();
    tiles[0].wide.say(true, 80);
    ann.save(&tiles);
    assert_eq!(ann.row.elements("tiles").len(), 2);
}

#[test]
fn a_clock_that_is_behind_is_heard_after_what_it_has_seen() {
    let mut shown = Said::first("list".to_owned());
    shown.say("bar".to_owned(), 1_000);
    let mut later = shown.clone();
    later.say("table".to_owned(), 5);
    assert!(later > shown);
}

/// A tile that somebody may have written.
fn tile() -> impl Strategy<Value = Tile> {
    let said = |value: &str, at: i64| {
        let mut said = Said::first(value.to_owned());
        if at > 0 {
            said.say(value.to_owned(), at);
        }
        said
    };
    ("[ab]", "[xy]", -3..3i64, 0..3i64, "list|bar|new-way", 0..3i64, any::<bool>(), 0..3i64).prop_map(
        move |(id, query, place, placed, shown, showed, wide, widened)| {
            let mut tile = Tile { id, query, place: Said::first(0), shown: said(&shown, showed), wide: Said::first(false) };
            tile.place.say(place, placed);
            tile.wide.say(wide, widened);
            tile
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_and_its_order_and_repetition_do_not_matter(tiles in prop::collection::vec(tile(), 0..8), seed: u64) {
        for tile in &tiles {
            prop_assert_eq!(Tile::parse(&tile.to_string()), Some(tile.clone()));
        }
        let mut mixed: Vec<Tile> = tiles.iter().chain(&tiles).cloned().collect();
        let mut random = Random::new(seed);
        (1..mixed.len()).rev().for_each(|at| mixed.swap(at, random.below(at + 1)));
        let read = Tiles::read(&Tiles::stored(&tiles)).unwrap();
        prop_assert_eq!(Tiles::read(&Tiles::stored(&mixed)).unwrap(), read.clone());
        // What was read and written again is the same.
        prop_assert_eq!(Tiles::read(&Tiles::stored(&read)).unwrap(), read);
    }

    #[test]
    fn any_text_is_a_tile_or_none(text in any::<String>()) {
        if let Some(tile) = Tile::parse(&text) {
            prop_assert_eq!(Tile::parse(&tile.to_string()), Some(tile));
        }
    }
}
