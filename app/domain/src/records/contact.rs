crate::record! {
    /// A person at an account.
    Contact = "contact" v1 ["Contact", "联系人", "聯絡人"], root(RootRule::Through("account".into())), title("name"), phase(1), menu() {
        name: PersonName(), first, required, searched, listed, aliases(["contact", "full_name", "姓名"]) => ["Name", "姓名", "姓名"];
        title: Text(80), first, listed, aliases(["job_title", "职务"]) => ["Title", "职务", "職稱"];
        mobile: Phone(), first, searched, listed, aliases(["mobile_phone", "手机"]) => ["Mobile", "手机", "手機"];
        handle: LabelledList(ListOf::Handles), first, searched => ["WeChat, LINE, WhatsApp", "微信等", "LINE 等"];
        decision_role: Choice([["decision_maker", "Decision-maker", "决策人", "決策者"], ["influencer", "Influencer", "影响人", "影響者"], ["user", "User", "使用人", "使用者"], ["purchasing", "Purchasing", "采购", "採購"], ["gatekeeper", "Gatekeeper", "把关人", "守門人"]]), first, indexed, listed => ["Decision role", "决策角色", "決策角色"];
        account: Reference("account"), indexed, listed => ["Account", "客户", "客戶"];
        phones: LabelledList(ListOf::Phones), searched => ["Phones", "电话", "電話"];
        email: Text(200), searched, aliases(["e-mail", "mail", "邮箱"]) => ["E-mail", "电子邮箱", "電子郵件"];
        birthday: PartialDate(), indexed => ["Birthday", "生日", "生日"];
        preferences: LongText() => ["Preferences", "喜好", "喜好"];
        left_company: Boolean(), indexed => ["Left the company", "已离职", "已離職"];
        consent: Boolean() => ["May be contacted", "同意联系", "同意聯絡"];
        note: LongText(), searched => ["Note", "备注", "備註"];
        imported: Anything(), import_only => ["From import", "导入的其他列", "匯入的其他欄位"];
    }
}
