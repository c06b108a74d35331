//! The other common terms of the trade, by which the places of the app are found too (vocabulary.md): never shown.

use super::{Han, Word};

/// A place or kind, and what else people call it, in simplified characters: `/` stands between names.
const TERMS: [(&str, &str); 18] = [
    (
        "account",
        "account/customer/client/company/客户/顾客/客人/公司/厂商/门店/门市/店家/经销商/outlet/distributor/公海/公用客户池/public pool/撞单/客户重复",
    ),
    ("contact", "contact/person/people/联系人/联络人/联络方式/名片/通讯录/card/决策人/决策者"),
    ("today", "today/agenda/to do/plan/行程/日程/今日/今天/待办/待办事项/桌面/首页/跟进计划/home"),
    ("log", "log/follow-up/visit/跟进/写跟进/跟进记录/跟进纪录/拜访/拜访记录/日志/日报/打卡/签到/签退/check-in/check-out/记录"),
    ("new_account", "new account/add account/add customer/新建客户/新增客户/添加客户/加客户"),
    ("new_contact", "new contact/add contact/新建联系人/新增联络人/添加联系人/加联系人"),
    ("sync", "sync/offline/waiting/pending/conflict/同步/离线/待发送/待传送/待处理/冲突/export/导出/汇出/备份"),
    ("notices", "notice/notification/announcement/inbox/通知/公告/消息/讯息/提醒"),
    ("decisions", "decision/approval/审批/签核/决定/待决定/审核"),
    ("team", "team/colleagues/reps/团队/下属/部属/同事/业务/业务员/辖区"),
    ("devices", "device/phone/lost phone/设备/装置/手机/停用"),
    ("settings", "settings/options/preferences/language/theme/password/设置/设定/选项/语言/语系/主题/密码/深色"),
    ("help", "help/shortcuts/keyboard/帮助/说明/快捷键/捷径"),
    ("member", "member/user/成员/用户/使用者/员工/人员"),
    ("territory", "territory/region/辖区/区域/地盘"),
    ("share", "share/共享/共用/分享"),
    ("saved_query", "query/saved query/report/查询/已存查询/报表/统计"),
    ("more", "more/menu/更多/菜单/选单/功能"),
];

/// The ids of the places that a name of which starts with every word, or with a part of it, those named best first.
pub fn also_called(han: &Han, words: &[Word]) -> Vec<&'static str> {
    let mut found: Vec<_> = TERMS
        .iter()
        .filter_map(|(id, names)| {
            let classes = names
                .split('/')
                .filter_map(|name| words.iter().map(|word| word.class_in_title(han, name)).collect::<Option<Vec<_>>>());
            let best = classes.filter_map(|classes| classes.into_iter().max()).min()?;
            (best < super::Class::Title && !words.is_empty()).then_some((best, *id))
        })
        .collect();
    found.sort_by_key(|(class, _)| *class);
    found.into_iter().map(|(_, id)| id).collect()
}
