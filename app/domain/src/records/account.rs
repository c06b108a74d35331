crate::record! {
    /// A company, person, distributor, outlet or public body that is or may become a customer.
    Account = "account" v1 ["Account", "客户", "客戶"], root(RootRule::Itself), phase(0), menu() {
        name: Text(200), first, required, indexed, searched, listed, aliases(["account", "company", "customer", "公司", "客户名称", "客戶名稱"]) => ["Name", "客户名称", "客戶名稱"];
        address: Address(), first, searched, listed, aliases(["office_location", "location", "地点"]) => ["Address", "地址", "地址"];
        place: Place(), first => ["Position", "位置", "位置"];
        grade: Choice([["a", "Grade A", "A 级", "A 級"], ["b", "Grade B", "B 级", "B 級"], ["c", "Grade C", "C 级", "C 級"], ["d", "Grade D", "D 级", "D 級"]]), first, indexed, listed => ["Grade", "等级", "等級"];
        short_name: Text(60), searched => ["Short name", "简称", "簡稱"];
        party_type: Choice([["company", "Company", "企业", "企業"], ["person", "Person", "个人", "個人"], ["distributor", "Distributor", "经销商", "經銷商"], ["outlet", "Outlet", "门店", "門市"], ["public_body", "Public body", "事业单位", "公家機關"]]), indexed => ["Type", "客户类型", "客戶類型"];
        stage: Choice([["potential", "Potential", "潜在", "潛在"], ["engaged", "Engaged", "接触中", "接觸中"], ["customer", "Customer", "成交客户", "成交客戶"], ["lost", "Lost", "已流失", "已流失"], ["closed", "Closed", "已关闭", "已關閉"]]), indexed, listed, gate("lost", "lost_reason") => ["Stage", "阶段", "階段"];
        lost_reason: Text(200), searched, aliases(["loss_reason", "reason_lost", "丢单原因"]) => ["Reason for loss", "流失原因", "流失原因"];
        industry: Text(80), indexed, searched, listed, aliases(["sector", "行业"]) => ["Industry", "行业", "產業"];
        customer_number: Text(40), indexed, searched => ["Customer number", "客户编号", "客戶編號"];
        supplied_by: Reference("account") => ["Supplied by", "供货方", "供貨方"];
        parent: Reference("account"), indexed, aliases(["subsidiary_of", "parent_account", "母公司"]) => ["Parent", "上级客户", "上層客戶"];
        referred_by: Reference("account") => ["Referred by", "介绍人", "介紹人"];
        owner: Reference("member"), indexed, listed, grants, tells_manager => ["Owner", "负责人", "負責人"];
        collaborators: References("member"), grants => ["Collaborators", "协作人", "協作人"];
        territory: Reference("territory"), indexed, grants => ["Territory", "辖区", "轄區"];
        primary_contact: Reference("contact") => ["Primary contact", "主要联系人", "主要聯絡人"];
        source: Text(80), indexed => ["Source", "客户来源", "客戶來源"];
        competitors: Tags() => ["Competitors", "竞争对手", "競爭對手"];
        phones: LabelledList(ListOf::Phones), searched => ["Phones", "电话", "電話"];
        website: Text(200) => ["Website", "网站", "網站"];
        registration_number: Text(40), searched => ["Registration number", "统一社会信用代码", "統一編號"];
        opening_hours: OpeningHours() => ["Opening hours", "营业时间", "營業時間"];
        access_note: Text(200) => ["Access note", "进门说明", "進門說明"];
        tags: Tags(), searched => ["Tags", "标签", "標籤"];
        note: LongText(), searched => ["Note", "备注", "備註"];
        employees: Integer(), import_only, aliases(["员工数"]) => ["Employees", "员工数", "員工數"];
        annual_revenue: Money(), import_only, aliases(["revenue", "年营收"]) => ["Annual revenue", "年营收", "年營收"];
        founded: PartialDate(), import_only, aliases(["year_established", "成立年份"]) => ["Founded", "成立时间", "成立時間"];
        merged_into: Reference("account"), hidden, indexed => ["Merged into", "已并入", "已併入"];
        imported: Anything(), import_only => ["From import", "导入的其他列", "匯入的其他欄位"];
    }
}
