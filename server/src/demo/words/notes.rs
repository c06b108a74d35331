use super::super::region::Region;

/// What a rep has written or plans, in a region's language.
pub struct Notes {
    pub done: &'static [Done],
    pub planned: &'static [Planned],
}

/// Something that happened: channel, what it was for, what was written, outcome. `{c}` is the contact,
/// `{k}` a competitor, `{n}` a number.
pub struct Done {
    pub channel: &'static str,
    pub purpose: &'static str,
    pub text: &'static str,
    pub outcome: &'static str,
}

/// Something to do.
pub struct Planned {
    pub channel: &'static str,
    pub purpose: &'static str,
}

const fn done(channel: &'static str, purpose: &'static str, text: &'static str, outcome: &'static str) -> Done {
    Done { channel, purpose, text, outcome }
}

const fn plan(channel: &'static str, purpose: &'static str) -> Planned {
    Planned { channel, purpose }
}

pub fn notes(region: Region) -> &'static Notes {
    match region {
        Region::Mainland => &MAINLAND,
        Region::Taiwan => &TAIWAN,
        Region::English => &ENGLISH,
    }
}

const MAINLAND: Notes = Notes {
    done: &[
        done(
            "visit",
            "第一次拜访",
            "门口等了二十分钟才见到{c}。现在用{k}的货，月用量大概{n}箱，对价格还行，主要嫌交期不准。留了样品和报价单，说下周给答复。",
            "interested",
        ),
        done("visit", "送样", "样品送到，{c}当场让车间试了两件，尺寸没问题，表面要求再细一点。答应周五前补一批。", "interested"),
        done(
            "visit",
            "谈价格",
            "谈到单价{n}元，{c}要求账期60天，我说最多45天。老板不在，等他回来定。{k}也在报价，比我们低三个点左右。",
            "later",
        ),
        done(
            "visit",
            "陈列检查",
            "货架在第二排，被{k}挤掉一格。跟{c}说好下次补货时调回来，给了两套新海报。库存还有{n}箱。",
            "agreed",
        ),
        done("visit", "签年度合同", "合同签了，年量{n}箱起，返点按季度结。{c}提醒送货单要写他们的物料号。", "agreed"),
        done("visit", "处理退货", "有{n}箱外包装破损，拍照了，跟{c}说好换货不退款。仓库那边要我们下次打木托。", "agreed"),
        done("call", "催回款", "{c}说财务月底统一付，这笔{n}万多在里面。语气还好，月底再打一次。", "later"),
        done("call", "约拜访", "打了两次，第二次才接。{c}这周出差，约下周二上午，到了先打电话。", "agreed"),
        done("call", "报价跟进", "报价收到了，说要比三家。问了最关心的是质保，我答应发检测报告过去。", "interested"),
        done("call", "跟进试用", "没接，前台说{c}在开会。", "not_reached"),
        done("message", "发资料", "微信发了新目录和检测报告，{c}回了个OK，没多说。", "interested"),
        done("message", "节前问候", "发了问候，顺便提了节后涨价的事。{c}问能不能按老价再订{n}箱，我说要问公司。", "interested"),
        done("message", "确认送货", "{c}确认明天上午收货，走后门，找仓库老张。", "agreed"),
        done(
            "meeting",
            "方案沟通",
            "和{c}还有他们技术开了一个小时会。两点要改：包装规格换成{n}件装，标签加英文。报价改好再发。",
            "interested",
        ),
        done("email", "发报价单", "报价单发了，含税含运费，有效期{n}天。", "interested"),
        done("visit", "顺路拜访", "没约，碰碰运气，{c}不在。跟仓管聊了一会儿，说最近{k}来得勤。", "not_reached"),
        done("call", "新品推荐", "不太感兴趣，说现在的够用，而且今年预算砍了。半年后再说。", "refused"),
    ],
    planned: &[
        plan("visit", "送新样品，看试用结果"),
        plan("visit", "谈年度合同"),
        plan("call", "催回款"),
        plan("call", "问报价定了没有"),
        plan("message", "发检测报告"),
        plan("visit", "检查陈列，补海报"),
        plan("visit", "见老板，定账期"),
        plan("call", "约下次拜访"),
        plan("meeting", "技术交流，带工程师"),
        plan("visit", "盘点库存，下补货单"),
    ],
};

const TAIWAN: Notes = Notes {
    done: &[
        done(
            "visit",
            "初次拜訪",
            "{c}很客氣，泡了茶聊半小時。目前跟{k}拿貨，每月約{n}箱，最在意效期。留了樣品，約兩週後回覆。",
            "interested",
        ),
        done("visit", "送樣品", "樣品送到，{c}說師傅要試做一批再決定。價格覺得還可以，希望能有檔期優惠。", "interested"),
        done("visit", "談檔期", "中秋檔期談好{n}箱，分兩批到貨。{c}要求第一批月底前一定要到。", "agreed"),
        done("visit", "收款", "票收到了，{n}天期。{c}說下個月開始改匯款，抬頭要跟會計再確認。", "agreed"),
        done("visit", "客訴處理", "有一箱受潮，拍照存證，跟{c}說好下次出貨補一箱，他接受。", "agreed"),
        done("call", "追報價", "{c}說總公司還沒批，{k}的報價也在上面。下週四開會後再打。", "later"),
        done("call", "約時間", "約好下週三下午兩點，直接上五樓找{c}。", "agreed"),
        done("call", "新品介紹", "打了三通都沒接，留言請{c}回電。", "not_reached"),
        done("message", "LINE 傳型錄", "型錄和檢驗報告都傳了，已讀。晚點再問一次。", "interested"),
        done("message", "確認出貨", "{c}確認{n}箱明天早上到，走地下室卸貨。", "agreed"),
        done("meeting", "規格討論", "跟{c}和廠長開會，標籤要改，外箱加條碼。改好後重新報價。", "interested"),
        done("visit", "路過拜訪", "人不在，跟會計聊了一下，說最近生意比較淡，年後再談。", "later"),
        done("call", "加購推薦", "目前沒有需求，倉庫也放不下，先不用。", "refused"),
    ],
    planned: &[
        plan("visit", "看試做結果"),
        plan("visit", "談過年檔期"),
        plan("call", "追報價"),
        plan("call", "確認匯款"),
        plan("message", "傳檢驗報告"),
        plan("visit", "巡店看陳列"),
        plan("meeting", "帶工程師看規格"),
        plan("visit", "收票"),
    ],
};

const ENGLISH: Notes = Notes {
    done: &[
        done(
            "visit",
            "First visit",
            "Waited in reception for a while, then a good half hour with {c}. They buy about {n} cases a month from {k} and are fed up with late deliveries. Left samples and a price list; wants to hear from us in two weeks.",
            "interested",
        ),
        done(
            "visit",
            "Sample drop",
            "Dropped the samples. {c} tried one on the line straight away: size is fine, finish needs work. Promised a second batch by Friday.",
            "interested",
        ),
        done(
            "visit",
            "Price talk",
            "Got down to {n} a unit. {c} wants 60 days, I offered 45. The owner decides when back from holiday. {k} is in there too, a few points below us.",
            "later",
        ),
        done(
            "visit",
            "Shelf check",
            "We lost a facing to {k}. Agreed with {c} to get it back at the next refill; left two new posters. {n} cases in stock.",
            "agreed",
        ),
        done(
            "visit",
            "Annual contract",
            "Signed. {n} cases minimum, rebate paid quarterly. {c} reminded me to put their part number on the delivery note.",
            "agreed",
        ),
        done(
            "visit",
            "Damaged goods",
            "{n} cases crushed in transit, photos taken. {c} accepts replacements instead of a credit note. They want pallets wrapped next time.",
            "agreed",
        ),
        done(
            "call",
            "Overdue invoice",
            "{c} says it is in Friday's payment run. Friendly enough. Ring again Monday if nothing lands.",
            "later",
        ),
        done("call", "Book a visit", "Away this week. Tuesday morning next week, call from the car park.", "agreed"),
        done(
            "call",
            "Quote follow-up",
            "They have the quote and are comparing three. Warranty is what matters most; promised the test report.",
            "interested",
        ),
        done("call", "Trial follow-up", "Voicemail again. Third time.", "not_reached"),
        done("email", "Sent quote", "Quote sent, carriage included, valid {n} days. Copied in their finance.", "interested"),
        done("email", "Test report", "Sent the report {c} asked for. Short thank-you back.", "interested"),
        done(
            "meeting",
            "Spec review",
            "An hour with {c} and their engineer. Two changes: packs of {n}, and a bilingual label. Re-quote to follow.",
            "interested",
        ),
        done(
            "visit",
            "Passing by",
            "No appointment and no {c}. Chatted with the warehouse: {k} has been in twice this month.",
            "not_reached",
        ),
        done("call", "New range", "Not for them this year, budget is gone. Try again after April.", "refused"),
    ],
    planned: &[
        plan("visit", "Second samples, see trial results"),
        plan("visit", "Annual contract"),
        plan("call", "Chase payment"),
        plan("call", "Did they decide on the quote?"),
        plan("email", "Send the test report"),
        plan("visit", "Shelf check and posters"),
        plan("visit", "Meet the owner about terms"),
        plan("meeting", "Bring our engineer"),
        plan("visit", "Count stock, take the refill order"),
    ],
};

/// What a manager says to it, by region.
pub const COMMENTS: [&[&str]; 3] = [
    &[
        "账期最多45天，别松口。",
        "干得漂亮，合同盖章后发我一份。",
        "交期我跟工厂打过招呼了，可以答应。",
        "下次带上小周一起去，他懂技术。",
        "这家去年欠过款，先看财务。",
        "价格我批了，按你说的报。",
    ],
    &[
        "檔期價可以，毛利守住就好。",
        "辛苦了，這家要盯緊。",
        "交期我跟工廠確認過了，沒問題。",
        "下次我跟你一起去拜訪。",
        "票期不要超過60天。",
    ],
    &[
        "Good work. Send me the signed copy.",
        "45 days is our limit, hold it.",
        "I cleared the date with the factory, go ahead.",
        "Take an engineer along next time.",
        "They paid late last year: check with finance first.",
    ],
];
