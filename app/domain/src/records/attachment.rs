crate::record! {
    /// A file at an account, and at a follow-up there. The record syncs as data; the bytes travel by their own queue and may
    /// arrive later (sync.md, item 19). The thumbnail is a file too: a territory's records are in memory, its pictures are not.
    Attachment = "attachment" v1 ["File", "文件", "檔案"], root(RootRule::Through("account".into())), title("file") {
        account: Reference("account"), hidden, indexed => ["Account", "客户", "客戶"];
        follow_up: Reference("follow_up"), hidden, indexed => ["Follow-up", "跟进", "跟進"];
        file: Attachment() => ["File", "文件", "檔案"];
        thumbnail: Attachment(), hidden => ["Thumbnail", "缩略图", "縮圖"];
    }
}
