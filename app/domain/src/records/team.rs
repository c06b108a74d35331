crate::record! {
    /// A group of members with the manager who sees their accounts.
    Team = "team" v1 ["Team", "团队", "團隊"], root(RootRule::Company), writers(Writers::Administrators), phase(0) {
        name: Text(80), first, required, searched, listed => ["Name", "团队名称", "團隊名稱"];
        manager: Reference("member"), first, indexed, listed => ["Manager", "主管", "主管"];
        office: Text(80), first, listed => ["Office", "办事处", "辦事處"];
    }
}
