crate::record! {
    /// Which question somebody's day is planned by: one for each member, who alone sees it.
    MyDay = "my_day" v1 ["My day", "我的行程", "我的行程"], root(RootRule::Member("member".into())), title("query"), phase(0) {
        member: Reference("member"), hidden => ["Member", "成员", "成員"];
        query: Text(40), hidden => ["Query", "查询", "查詢"];
    }
}
