crate::record! {
    /// When somebody wants to be reminded of a record today: one for each record and day, which he alone sees. It goes when the
    /// day is over.
    Reminder = "reminder" v1 ["Reminder", "提醒", "提醒"], root(RootRule::Member("member".into())), title("name"), phase(0) {
        name: Text(200), hidden => ["Name", "名称", "名稱"];
        member: Reference("member"), hidden => ["Member", "成员", "成員"];
        record: Text(40), hidden => ["Record", "记录", "紀錄"];
        at: Instant(), hidden => ["At", "时间", "時間"];
    }
}
