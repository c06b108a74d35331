crate::record! {
    /// A person in the company who uses Rounds.
    Member = "member" v1 ["Member", "成员", "成員"], root(RootRule::Company), writers(Writers::Administrators), phase(0) {
        name: Text(80), first, required, searched, listed => ["Name", "姓名", "姓名"];
        role: Choice([["rep", "Rep", "业务员", "業務"], ["manager", "Manager", "主管", "主管"], ["administrator", "Administrator", "管理员", "管理員"]]), first, indexed, listed => ["Role", "角色", "角色"];
        team: Reference("team"), first, indexed, listed => ["Team", "团队", "團隊"];
        email: Text(200), first, listed => ["E-mail", "电子邮箱", "電子郵件"];
        mobile: Phone(), first, listed => ["Mobile", "手机", "手機"];
        active: Boolean(), indexed => ["Active", "在职", "在職"];
        imported: Anything(), import_only => ["From import", "导入的其他列", "匯入的其他欄位"];
    }
}
