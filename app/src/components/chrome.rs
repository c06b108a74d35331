use domain::Id;
use leptos::prelude::*;

/// What the frame offers to every page: the log sheet, the keyboard help, the search. Copy handle from context.
#[derive(Clone, Copy)]
pub struct Chrome {
    log: RwSignal<Option<LogRequest>>,
    help: RwSignal<bool>,
    search_wanted: RwSignal<bool>,
    trail: StoredValue<Vec<String>>,
}

/// The log sheet is to be open, for this account where one is known.
#[derive(Clone, Copy, PartialEq)]
pub struct LogRequest {
    pub account: Option<Id>,
}

impl Chrome {
    pub fn provide() -> Chrome {
        let chrome = Chrome {
            log: RwSignal::new(None),
            help: RwSignal::new(false),
            search_wanted: RwSignal::new(false),
            trail: StoredValue::default(),
        };
        provide_context(chrome);
        chrome
    }

    /// Opens the log sheet over the current page.
    pub fn log(self, account: Option<Id>) {
        self.log.set(Some(LogRequest { account }));
    }

    pub fn close_log(self) {
        self.log.set(None);
    }

    pub fn log_request(self) -> Signal<Option<LogRequest>> {
        self.log.into()
    }

    /// Whether the keyboard help is open.
    pub fn help(self) -> RwSignal<bool> {
        self.help
    }

    /// The next search box that appears, or the one in sight, takes the focus and clears this.
    pub fn search_wanted(self) -> RwSignal<bool> {
        self.search_wanted
    }

    /// Notes where the user is; coming back to a page forgets what was opened from it.
    pub fn came_to(self, path: String) {
        self.trail.update_value(|trail| {
            let known = trail.iter().position(|seen| *seen == path);
            trail.truncate(known.unwrap_or(trail.len()));
            trail.push(path);
        });
    }

    /// Whether the browser's way back stays in the app.
    pub fn came_from_here(self) -> bool {
        self.trail.with_value(|trail| trail.len() > 1)
    }
}

/// The handle that the frame put into context.
pub fn use_chrome() -> Chrome {
    expect_context()
}
