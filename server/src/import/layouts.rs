//! The columns of tables that are not records themselves: who works for whom, and who sold to whom.

use domain::{FieldSpec, KindSpec, records::Member, types::Text};

/// A line of `sales_teams.csv`: a person, the manager above and the office.
pub fn staff() -> KindSpec {
    let name = FieldSpec::new("name", Text::new(80), ["Name", "姓名", "姓名"]).required();
    let manager = FieldSpec::new("manager", Text::new(80), ["Manager", "主管", "主管"]);
    let office = FieldSpec::new("office", Text::new(80), ["Office", "办事处", "辦事處"]);
    let mut fields = vec![
        name.aliases([
            "sales_agent",
            "agent",
            "rep",
            "sales_rep",
            "salesperson",
            "member",
            "employee",
            "业务员",
            "销售",
            "业务",
            "業務",
        ]),
        manager.aliases(["sales_manager", "team_manager", "supervisor", "经理", "上级", "經理"]),
        office.aliases(["regional_office", "region", "branch", "team", "区域", "团队", "部门", "區域", "團隊", "部門"]),
    ];
    fields.extend(Member::spec().fields.into_iter().filter(|field| ["email", "mobile"].contains(&field.name.as_ref())));
    KindSpec::new("staff", 1, ["Staff", "员工", "員工"], fields)
}

/// A line of `sales_pipeline.csv`, as far as it says whose account it is.
pub fn opportunity() -> KindSpec {
    let agent = FieldSpec::new("agent", Text::new(80), ["Owner", "负责人", "負責人"]);
    let account = FieldSpec::new("account", Text::new(200), ["Account", "客户", "客戶"]);
    let fields = vec![
        agent.aliases(["sales_agent", "agent", "rep", "sales_rep", "salesperson", "业务员", "销售", "業務"]),
        account.aliases(["company", "customer", "客户名称", "公司", "客戶名稱"]),
    ];
    KindSpec::new("opportunity", 1, ["Opportunity", "商机", "商機"], fields)
}
