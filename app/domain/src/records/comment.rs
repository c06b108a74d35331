crate::record! {
    /// What a colleague says to a follow-up (点评).
    Comment = "comment" v1 ["Comment", "点评", "點評"], root(RootRule::Through("account".into())), title("text") {
        account: Reference("account"), hidden, indexed => ["Account", "客户", "客戶"];
        follow_up: Reference("follow_up"), hidden, indexed => ["Follow-up", "跟进", "跟進"];
        text: LongText(), first, required => ["Comment", "点评", "點評"];
        imported: Anything(), import_only => ["From import", "导入的其他列", "匯入的其他欄位"];
    }
}
