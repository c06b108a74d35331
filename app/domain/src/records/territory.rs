crate::record! {
    /// A part of the market. Whoever belongs to it, or to one around it, sees the accounts in it.
    Territory = "territory" v1 ["Territory", "辖区", "轄區"], root(RootRule::Company), writers(Writers::Administrators), phase(0) {
        name: Text(80), first, required, searched, listed => ["Name", "辖区名称", "轄區名稱"];
        parent: Reference("territory"), first, indexed, listed => ["Part of", "上级辖区", "上層轄區"];
        manager: Reference("member"), first, indexed, listed => ["Manager", "主管", "主管"];
        members: References("member"), first => ["Members", "成员", "成員"];
    }
}
