crate::record! {
    /// A question that is kept: its maker's alone, the whole company's, or for a role, a team and people.
    SavedQuery = "saved_query" v1 ["Saved query", "已存查询", "已存查詢"], root(RootRule::Shared("shared".into())), title("name"), phase(0) {
        name: Text(80), first, required, searched, listed => ["Name", "名称", "名稱"];
        shared: Choice([["private", "Only me", "仅自己", "只有自己"], ["some", "Some", "部分人", "部分人"], ["company", "Everybody", "全公司", "全公司"]]), first, indexed, listed => ["Shared with", "共享范围", "共用範圍"];
        role: Choice([["rep", "Rep", "业务员", "業務"], ["manager", "Manager", "主管", "主管"], ["administrator", "Administrator", "管理员", "管理員"]]), first, grants => ["Role", "角色", "角色"];
        team: Reference("team"), first, grants => ["Team", "团队", "團隊"];
        members: References("member"), first, grants => ["People", "成员", "成員"];
        pinned: Boolean(), indexed => ["In the menu", "显示在菜单", "顯示在選單"];
        shown: Choice([["list", "List", "列表", "清單"], ["table", "Table", "表格", "表格"], ["bar", "Bars", "柱状图", "長條圖"], ["line", "Line", "折线图", "折線圖"], ["funnel", "Funnel", "漏斗图", "漏斗圖"], ["number", "Number", "数字", "數字"]]), indexed, listed => ["Shown as", "显示方式", "顯示方式"];
        query: QueryTree(), required => ["Query", "查询", "查詢"];
    }
}
