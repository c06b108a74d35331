crate::record! {
    /// Two accounts that are evidently one customer (撞单), kept until somebody decides. Of an account that one may not see it
    /// tells the name and whose it is, and no more.
    Collision = "collision" v1 ["Collision", "撞单", "撞單"], root(RootRule::Itself), writers(Writers::System), title("first_name"), phase(0) {
        first: Reference("account"), hidden, indexed => ["Account", "客户", "客戶"];
        first_name: Text(200), hidden => ["Name", "客户名称", "客戶名稱"];
        first_owner: Reference("member"), hidden, grants => ["Owner", "负责人", "負責人"];
        second: Reference("account"), hidden, indexed => ["Other account", "另一客户", "另一客戶"];
        second_name: Text(200), hidden => ["Other name", "另一客户名称", "另一客戶名稱"];
        second_owner: Reference("member"), hidden, grants => ["Other owner", "另一负责人", "另一負責人"];
        evidence: Tags(), hidden => ["Equal", "相同项", "相同項"];
        state: Choice([["open", "Open", "待处理", "待處理"], ["kept_apart", "Different customers", "不是同一客户", "不是同一客戶"], ["merged", "Merged", "已合并", "已合併"], ["gone", "One was deleted", "其一已删除", "其一已刪除"]]), hidden, indexed => ["State", "状态", "狀態"];
    }
}
