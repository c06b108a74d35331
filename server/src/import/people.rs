//! `sales_teams.csv`: the people of the company, their managers, and a team for each manager and office.

use super::{
    directory::{Directory, imported_id},
    layouts,
    report::Trouble,
    table::Table,
};
use crate::login::Login;
use domain::{
    Id, Value,
    fold::fold,
    transfer::{Columns, Draft, Reading, Reason},
    types::{Phone, Typed},
    wire::Role,
};
use std::collections::HashMap;

/// Somebody who is to be a member, and so needs a way to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: Id,
    pub name: String,
    pub role: Role,
    /// In the form in which sign-in names are stored.
    pub email: Option<String>,
    pub mobile: Option<String>,
}

/// What the file says of people.
#[derive(Debug, Default)]
pub struct People {
    /// Teams, then members.
    pub drafts: Vec<Draft>,
    pub persons: Vec<Person>,
    pub troubles: Vec<Trouble>,
}

/// A line that can be taken.
struct Staff {
    line: u64,
    name: String,
    manager: String,
    office: String,
    reading: Reading,
}

/// Reads the people of a table.
pub fn read(table: &Table, company: Id, directory: &Directory) -> People {
    let mut people = People { troubles: table.troubles.clone(), ..People::default() };
    let staff = lines(table, &mut people.troubles);
    let mut teams: Vec<(String, String, Id)> = Vec::new();
    for Staff { manager, office, .. } in staff.iter().filter(|staff| !(staff.manager.is_empty() && staff.office.is_empty())) {
        let id = directory.id_for(company, "team", &team_name(manager, office));
        if !teams.iter().any(|(_, _, known)| *known == id) {
            teams.push((manager.clone(), office.clone(), id));
        }
    }
    let member_id = |name: &str| directory.id_for(company, "member", name);
    for (manager, office, id) in &teams {
        let mut draft = Draft::new("team", *id);
        draft.put("name", team_name(manager, office));
        if !manager.is_empty() {
            draft.put("manager", member_id(manager).to_string());
        }
        if !office.is_empty() {
            draft.put("office", office.clone());
        }
        people.drafts.push(draft);
    }
    let managed = |name: &str| teams.iter().find(|(manager, _, _)| fold(manager) == fold(name)).map(|(_, _, team)| *team);
    for staff in &staff {
        let team = teams.iter().find(|(manager, office, _)| *manager == staff.manager && *office == staff.office);
        let team = team.map(|(_, _, id)| *id).or_else(|| managed(&staff.name));
        let role = if managed(&staff.name).is_some() { Role::Manager } else { Role::Rep };
        people.add(member_id(&staff.name), &staff.name, role, team, Some(&staff.reading));
    }
    for (manager, _, team) in teams.iter().filter(|(manager, _, _)| !manager.is_empty()) {
        people.add(member_id(manager), manager, Role::Manager, Some(*team), None);
    }
    people
}

/// The first person to administer a company that has nobody who does.
pub fn administrator(company: Id) -> People {
    let mut people = People::default();
    people.add(imported_id(company, "member", "Administrator"), "Administrator", Role::Administrator, None, None);
    people
}

fn lines(table: &Table, troubles: &mut Vec<Trouble>) -> Vec<Staff> {
    let kind = layouts::staff();
    let columns = Columns::of(&kind, &table.headers);
    // Names, e-mail addresses and numbers already seen, with their lines: each is one person's.
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut staff = Vec::new();
    for line in &table.lines {
        let reading = columns.read(&line.cells, None);
        let text = |field: &str| reading.values.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let one = Staff { line: line.number, name: text("name"), manager: text("manager"), office: text("office"), reading };
        let mut found: Vec<Trouble> =
            one.reading.problems.iter().map(|p| Trouble::line_out(&table.file, one.line, &p.column, &p.reason)).collect();
        let own = [("name", Some(fold(&one.name))), ("email", email(&one.reading)), ("mobile", mobile(&one.reading))];
        let own: Vec<(&str, String)> =
            own.into_iter().filter_map(|(field, text)| Some((field, text.filter(|text| !text.is_empty())?))).collect();
        if found.is_empty() {
            for (field, text) in &own {
                if let Some(line) = seen.get(text) {
                    let column = columns.filling(field).map_or("", |at| columns.header(at));
                    found.push(Trouble::line_out(&table.file, one.line, column, &Reason::Repeated { line: *line }));
                }
            }
        }
        if found.is_empty() {
            seen.extend(own.into_iter().map(|(_, text)| (text, one.line)));
            staff.push(one);
        }
        troubles.append(&mut found);
    }
    staff
}

impl People {
    fn add(&mut self, id: Id, name: &str, role: Role, team: Option<Id>, reading: Option<&Reading>) {
        if self.persons.iter().any(|person| person.id == id) {
            return;
        }
        let mut draft = Draft::new("member", id);
        draft.put("name", name);
        draft.put("role", serde_json::to_value(role).unwrap_or_default());
        draft.put("active", true);
        if let Some(team) = team {
            draft.put("team", team.to_string());
        }
        for field in ["email", "mobile"] {
            if let Some(value) = reading.and_then(|reading| reading.values.get(field)) {
                draft.put(field, value.clone());
            }
        }
        reading.into_iter().flat_map(|reading| &reading.others).for_each(|(column, text)| draft.keep(column, text));
        self.drafts.push(draft);
        let (email, mobile) = (reading.and_then(email), reading.and_then(mobile));
        self.persons.push(Person { id, name: name.to_owned(), role, email, mobile });
    }
}

fn email(reading: &Reading) -> Option<String> {
    match Login::parse(reading.values.get("email")?.as_str()?) {
        Some(Login::Email(email)) => Some(email),
        _ => None,
    }
}

fn mobile(reading: &Reading) -> Option<String> {
    match Login::parse(&Phone::read(reading.values.get("mobile")?)?.typed) {
        Some(Login::Mobile(mobile)) => Some(mobile),
        _ => None,
    }
}

fn team_name(manager: &str, office: &str) -> String {
    match (office.is_empty(), manager.is_empty()) {
        (false, false) => format!("{office} - {manager}").chars().take(80).collect(),
        (true, _) => manager.to_owned(),
        (_, true) => office.to_owned(),
    }
}
