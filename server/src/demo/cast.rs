//! The people of the demo company: an administrator, two managers, eight reps in three teams.

use super::{maker::Maker, region::Region};
use domain::{Id, Row, ids, wire::Role};

/// A member of the demo company. Everybody signs in with an e-mail address that can be no real one.
#[derive(Debug, Clone, Copy)]
pub struct Player {
    pub login: &'static str,
    pub name: &'static str,
    pub role: Role,
    /// Index into [`TEAMS`].
    pub team: Option<usize>,
    /// Of a thousand accounts, how many are in each region.
    pub regions: &'static [(u64, Region)],
}

/// (name, office, index of the manager in [`PLAYERS`]).
pub const TEAMS: [(&str, &str, usize); 3] = [("华东团队", "上海", 1), ("华南团队", "深圳", 1), ("台灣與海外團隊", "臺北", 2)];

const EAST: &[(u64, Region)] = &[(950, Region::Mainland), (50, Region::English)];
const TAIPEI: &[(u64, Region)] = &[(880, Region::Taiwan), (120, Region::English)];
const ABROAD: &[(u64, Region)] = &[(900, Region::English), (100, Region::Taiwan)];
/// The printed rep has customers of every language.
const MIXED: &[(u64, Region)] = &[(700, Region::Mainland), (150, Region::Taiwan), (150, Region::English)];

/// The administrator, the managers, then the reps.
pub const PLAYERS: [Player; 11] = [
    player("chen.jing", "陈静", Role::Administrator, None, &[]),
    player("zhou.min", "周敏", Role::Manager, Some(0), &[]),
    player("lin.chihming", "林志明", Role::Manager, Some(2), &[]),
    player("li.wei", "李伟", Role::Rep, Some(0), MIXED),
    player("wang.fang", "王芳", Role::Rep, Some(0), EAST),
    player("zhang.lei", "张磊", Role::Rep, Some(0), EAST),
    player("huang.haiyan", "黄海燕", Role::Rep, Some(1), EAST),
    player("he.junfeng", "何俊峰", Role::Rep, Some(1), EAST),
    player("tsai.yating", "蔡雅婷", Role::Rep, Some(2), TAIPEI),
    player("hsu.chiahao", "許家豪", Role::Rep, Some(2), TAIPEI),
    player("sarah.clarke", "Sarah Clarke", Role::Rep, Some(2), ABROAD),
];

/// Where the reps begin in [`PLAYERS`].
const REPS: usize = 3;

const fn player(
    login: &'static str,
    name: &'static str,
    role: Role,
    team: Option<usize>,
    regions: &'static [(u64, Region)],
) -> Player {
    Player { login, name, role, team, regions }
}

impl Player {
    pub fn email(&self) -> String {
        format!("{}@demo.example", self.login)
    }

    pub fn id(&self) -> Id {
        ids::derived(company(), &format!("member:{}", self.login))
    }

    /// Who comments on what this one writes.
    pub fn manager(&self) -> &'static Player {
        &PLAYERS[self.team.map_or(0, |team| TEAMS[team].2)]
    }
}

/// The demo company's id, the same in every installation.
pub fn company() -> Id {
    ids::derived(Id::nil(), "rounds:demo")
}

/// Whose account a number is: every second one is the first rep's, so that he holds half of any size, the others share the
/// rest alike.
pub fn owner(account: u64) -> &'static Player {
    let others = (PLAYERS.len() - REPS - 1) as u64;
    match account % 2 {
        0 => &PLAYERS[REPS],
        _ => &PLAYERS[REPS + 1 + (account / 2 % others) as usize],
    }
}

/// The rep, the manager and the administrator whose sign-ins are printed: the manager is the rep's.
pub fn printed() -> [&'static Player; 3] {
    [&PLAYERS[REPS], PLAYERS[REPS].manager(), &PLAYERS[0]]
}

/// The teams and members, as the administrator made them at `at`.
pub fn rows(at: i64) -> Vec<Row> {
    let administrator = PLAYERS[0].id();
    let team_id = |team: usize| ids::derived(company(), &format!("team:{team}"));
    let teams = TEAMS.iter().enumerate().map(|(number, (name, office, manager))| {
        let row = Maker::new("team", team_id(number), at, administrator);
        row.put("name", *name).put("office", *office).put("manager", PLAYERS[*manager].id().to_string()).row()
    });
    let members = PLAYERS.iter().map(|player| {
        let role = serde_json::to_value(player.role).unwrap_or_default();
        let row = Maker::new("member", player.id(), at, administrator).put("name", player.name).put("role", role);
        row.put("email", player.email()).put("active", true).put("team", player.team.map(|team| team_id(team).to_string())).row()
    });
    teams.chain(members).collect()
}
