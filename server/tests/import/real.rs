use super::{fresh, named, names, options};
use server::import::{folder::Folder, plan};
use std::{env, path::PathBuf};

/// The whole export, where it is at hand: in ROUNDS_CRM_SALES or beside the source tree.
fn whole() -> Option<Folder> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/crm-sales");
    let folder = env::var_os("ROUNDS_CRM_SALES").map_or_else(beside, PathBuf::from);
    folder.is_dir().then(|| Folder::read(&folder, None).unwrap())
}

#[test]
fn import_of_the_whole_export_leaves_no_line_out() {
    let Some(folder) = whole() else { return };
    assert!(plan::without_unit(&folder).is_some());
    let plan = fresh(&folder, "--money-unit millions:USD");
    assert_eq!(plan.report.troubles, []);
    assert_eq!([names(&plan, "account").len(), names(&plan, "team").len(), names(&plan, "member").len()], [85, 6, 35 + 6 + 1]);
    let owner = |account: &str| named(&plan, "account", account).values["owner"].clone();
    let id = |member: &str| named(&plan, "member", member).id.to_string();
    let most = |member: &str| {
        plan.drafts.iter().filter(|draft| draft.values.get("owner").is_some_and(|owner| *owner == id(member))).count()
    };
    assert_eq!((most("Darcel Schlecht"), most("Cassey Cress")), (26, 13));
    assert!(plan.drafts.iter().all(|draft| draft.kind != "account" || draft.values.contains_key("owner")));
    assert_eq!(plan.drafts.iter().filter(|draft| draft.values.contains_key("parent")).count(), 15);
    assert_ne!(owner("Cheers"), serde_json::Value::Null);
    assert_eq!(options("").money_unit, None);
}
