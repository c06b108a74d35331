crate::record! {
    /// Something a member must learn: it stays until read. The one inbox for conflicts, changes of owner, revivals.
    Notice = "notice" v1 ["Notice", "通知", "通知"], root(RootRule::Member("recipient".into())), writers(Writers::System), title("reason"), phase(0) {
        recipient: Reference("member"), hidden, indexed => ["Recipient", "接收人", "接收人"];
        reason: Choice([["conflict", "Two edits of one field", "同一字段被两人修改", "同一欄位被兩人修改"], ["revived", "Deleted, but edited by a colleague", "已删除,但同事有修改", "已刪除,但同事有修改"], ["rescheduled", "Done, and rescheduled by a colleague", "已完成,同事又改期", "已完成,同事又改期"], ["parked", "Waits for a decision", "等待处理", "等待處理"], ["incomplete", "A required field is empty", "必填字段为空", "必填欄位為空"], ["quarantined", "Unsent work of a revoked device", "已停用设备的未发送内容", "已停用裝置的未傳送內容"], ["taken_up", "Your change was taken up", "您的更改已被采用", "您的變更已被採用"], ["dismissed", "Your change was not taken up", "您的更改未被采用", "您的變更未被採用"], ["claimed", "A colleague claimed it first", "同事已先领取", "同事已先認領"], ["collision", "Probably one customer twice", "疑似撞单", "疑似撞單"]]), listed, indexed => ["Reason", "原因", "原因"];
        record: Text(40), hidden, indexed => ["Record", "记录", "紀錄"];
        record_kind: Text(40), hidden => ["Kind", "类型", "類型"];
        title: Text(200), hidden => ["Name", "名称", "名稱"];
        field: Text(80), hidden => ["Field", "字段", "欄位"];
        op: Text(40), hidden => ["Waiting change", "待处理的更改", "待處理的變更"];
        kept: Anything(), hidden => ["Kept", "保留的值", "保留的值"];
        kept_by: Reference("member"), hidden => ["Kept from", "保留自", "保留自"];
        kept_at: Instant(), hidden => ["Kept value's time", "保留值的时间", "保留值的時間"];
        kept_device: Text(80), hidden => ["Kept value's device", "保留值来自的设备", "保留值來自的裝置"];
        lost: Anything(), hidden => ["Replaced", "被替换的值", "被取代的值"];
        lost_by: Reference("member"), hidden => ["Replaced from", "被替换值来自", "被取代值來自"];
        lost_at: Instant(), hidden => ["Replaced value's time", "被替换值的时间", "被取代值的時間"];
        lost_device: Text(80), hidden => ["Replaced value's device", "被替换值来自的设备", "被取代值來自的裝置"];
        read: Boolean(), hidden, indexed => ["Read", "已读", "已讀"];
    }
}
