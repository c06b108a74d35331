crate::record! {
    /// Something to do with an account, or that was done: planned while `done_at` is empty, a log once it is set.
    FollowUp = "follow_up" v1 ["Follow-up", "跟进", "跟進"], root(RootRule::Through("account".into())), title("purpose"), phase(2) {
        account: Reference("account"), first, indexed, listed => ["Account", "客户", "客戶"];
        contacts: References("contact") => ["Contacts", "联系人", "聯絡人"];
        channel: Choice([["visit", "Visit", "拜访", "拜訪"], ["call", "Call", "电话", "電話"], ["message", "Message", "消息", "訊息"], ["email", "E-mail", "邮件", "電子郵件"], ["meeting", "Meeting", "会议", "會議"], ["other", "Other", "其他", "其他"]]), first, indexed, listed => ["Channel", "方式", "方式"];
        purpose: Text(200), first, searched, listed => ["For what", "跟进事项", "跟進事項"];
        due: Due(), first, indexed, listed => ["Due", "跟进时间", "跟進時間"];
        done_at: Instant(), indexed, listed => ["Done at", "完成时间", "完成時間"];
        outcome: Choice([["interested", "Interested", "有意向", "有意願"], ["agreed", "Agreed", "已谈妥", "已談妥"], ["later", "Later", "以后再说", "以後再說"], ["not_reached", "Not reached", "未联系上", "未聯絡上"], ["refused", "Refused", "拒绝", "拒絕"]]), indexed, listed => ["Outcome", "结果", "結果"];
        text: LongText(), searched => ["What happened", "跟进记录", "跟進紀錄"];
        place: Place() => ["Position", "位置", "位置"];
        assigned_to: Reference("member"), indexed, listed => ["Assigned to", "执行人", "執行人"];
        previous: Reference("follow_up"), hidden => ["Follows", "上一次跟进", "上一次跟進"];
        imported: Anything(), import_only => ["From import", "导入的其他列", "匯入的其他欄位"];
    }
}
