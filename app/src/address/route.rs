//! What an address shows: the other side of `paths`.

use domain::Id;

/// The page that an address names, with what it shows of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    pub page: Page,
    pub detail: Detail,
    /// The record that the detail is about; nil, which no record has, when the address names none.
    pub id: Id,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    Today,
    /// The records of a kind, such as `account`; whether there is such a kind is for the schema to say.
    Kind(String),
    Log,
    Team,
    Sync,
    Notices,
    Queries,
    Dashboards,
    Decisions,
    Devices,
    Settings,
    More,
    SignIn,
    SignInLink,
    NotFound,
}

/// What stands beside the list of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    None,
    New,
    Record,
    Edit,
}

impl Route {
    /// The route of a path such as `/accounts/0190…/edit`.
    pub fn of(path: &str) -> Route {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let (page, rest) = match *parts.as_slice() {
            ["r", kind, ref rest @ ..] => (Page::Kind(kind.to_owned()), rest),
            ["accounts", ref rest @ ..] => (Page::Kind("account".to_owned()), rest),
            ["contacts", ref rest @ ..] => (Page::Kind("contact".to_owned()), rest),
            ["follow-ups", ref rest @ ..] => (Page::Kind("follow_up".to_owned()), rest),
            // Not all of these are records: the page finds what stands here by its name.
            ["queries"] | ["queries", _] | ["queries", _, "edit"] => (Page::Queries, [].as_slice()),
            ["dashboards"] | ["dashboards", _] | ["dashboards", _, "edit"] => (Page::Dashboards, [].as_slice()),
            [] => (Page::Today, [].as_slice()),
            ["sign-in", "link"] => (Page::SignInLink, [].as_slice()),
            [name] => (Page::named(name), [].as_slice()),
            _ => (Page::NotFound, [].as_slice()),
        };
        let record = |text: &str| Id::try_parse(text).unwrap_or_default();
        let (page, detail, id) = match *rest {
            [] => (page, Detail::None, Id::nil()),
            ["new"] => (page, Detail::New, Id::nil()),
            [id] => (page, Detail::Record, record(id)),
            [id, "edit"] => (page, Detail::Edit, record(id)),
            _ => (Page::NotFound, Detail::None, Id::nil()),
        };
        Route { page, detail, id }
    }
}

impl Page {
    fn named(name: &str) -> Page {
        match name {
            "log" => Page::Log,
            "team" => Page::Team,
            "sync" => Page::Sync,
            "notices" => Page::Notices,
            "decisions" => Page::Decisions,
            "devices" => Page::Devices,
            "settings" => Page::Settings,
            "more" => Page::More,
            "sign-in" => Page::SignIn,
            _ => Page::NotFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    fn route(page: Page, detail: Detail, id: Id) -> Route {
        Route { page, detail, id }
    }

    #[test]
    fn every_path_of_a_record_leads_back_to_it() {
        let id = Id::from_u128(7);
        for kind in ["account", "contact", "follow_up", "complaint"] {
            let page = || Page::Kind(kind.to_owned());
            assert_eq!(Route::of(&paths::list(kind)), route(page(), Detail::None, Id::nil()));
            assert_eq!(Route::of(&paths::new(kind)), route(page(), Detail::New, Id::nil()));
            assert_eq!(Route::of(&paths::record(kind, id)), route(page(), Detail::Record, id));
            assert_eq!(Route::of(&paths::edit(kind, id)), route(page(), Detail::Edit, id));
        }
    }

    #[test]
    fn pages_have_one_address_each_and_others_are_not_found() {
        for (path, page) in [
            ("/", Page::Today),
            ("", Page::Today),
            ("/sync/", Page::Sync),
            ("/sign-in", Page::SignIn),
            ("/sign-in/link", Page::SignInLink),
            ("/sign-in/other", Page::NotFound),
            ("/queries", Page::Queries),
            ("/queries/overdue", Page::Queries),
            ("/queries/overdue/edit", Page::Queries),
            ("/queries/overdue/other", Page::NotFound),
            ("/dashboards", Page::Dashboards),
            ("/dashboards/rep", Page::Dashboards),
            ("/dashboards/rep/edit", Page::Dashboards),
            ("/dashboards/rep/other", Page::NotFound),
            ("/sync/7", Page::NotFound),
            ("/accounts/7/edit/more", Page::NotFound),
            ("/r", Page::NotFound),
            ("/nowhere", Page::NotFound),
        ] {
            assert_eq!(Route::of(path), route(page, Detail::None, Id::nil()), "{path}");
        }
        assert_eq!(Route::of("/accounts/not-an-id"), route(Page::Kind("account".to_owned()), Detail::Record, Id::nil()));
    }
}
