//! The kinds of record. This is the only list of them.

use crate::Schema;

macro_rules! kinds {
    ($($module:ident::$kind:ident),* $(,)?) => {
        $(pub mod $module; pub use $module::$kind;)*

        /// The schema of this build.
        pub fn schema() -> Schema {
            Schema { kinds: vec![$($kind::spec()),*] }
        }
    };
}

kinds! {
    account::Account,
    contact::Contact,
    follow_up::FollowUp,
    collision::Collision,
    comment::Comment,
    attachment::Attachment,
    member::Member,
    team::Team,
    territory::Territory,
    share::Share,
    notice::Notice,
    saved_query::SavedQuery,
    dashboard::Dashboard,
    my_day::MyDay,
    reminder::Reminder,
}

#[cfg(test)]
mod tests;
