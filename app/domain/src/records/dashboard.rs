crate::record! {
    /// Queries on one page: its maker's alone, the whole company's, or for a role, a team and people. Each shows to everybody
    /// what he himself may see.
    Dashboard = "dashboard" v1 ["Dashboard", "仪表盘", "儀表板"], root(RootRule::Shared("shared".into())), title("name"), phase(0) {
        name: Text(80), first, required, searched, listed => ["Name", "名称", "名稱"];
        shared: Choice([["private", "Only me", "仅自己", "只有自己"], ["some", "Some", "部分人", "部分人"], ["company", "Everybody", "全公司", "全公司"]]), first, indexed, listed => ["Shared with", "共享范围", "共用範圍"];
        role: Choice([["rep", "Rep", "业务员", "業務"], ["manager", "Manager", "主管", "主管"], ["administrator", "Administrator", "管理员", "管理員"]]), first, grants => ["Role", "角色", "角色"];
        team: Reference("team"), first, grants => ["Team", "团队", "團隊"];
        members: References("member"), first, grants => ["People", "成员", "成員"];
        tiles: Tiles(), hidden => ["Tiles", "卡片", "卡片"];
    }
}
