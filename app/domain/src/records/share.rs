crate::record! {
    /// An account shown to somebody who neither owns it nor works on it: a member, a team or both, until a time or for good.
    Share = "share" v1 ["Share", "共享", "共享"], root(RootRule::Through("account".into())), title("reason"), grants_until("until"), phase(2) {
        account: Reference("account"), first, required, indexed, listed => ["Account", "客户", "客戶"];
        member: Reference("member"), first, indexed, listed, grants => ["Member", "成员", "成員"];
        team: Reference("team"), first, indexed, listed, grants => ["Team", "团队", "團隊"];
        until: Instant(), first, indexed, listed => ["Until", "有效期至", "有效期限"];
        reason: Text(200), searched, listed => ["Reason", "共享原因", "共享原因"];
    }
}
