use super::{City, Trade, Words};

const fn city(name: &'static str, districts: &'static [&'static str], streets: &'static [&'static str], postcode: &'static str, dialling: &'static str, lat: f64, lng: f64) -> City {
    City { country: "台灣", region: "", name, districts, streets, postcode, dialling, lat, lng }
}

const fn trade(word: &'static str, industry: &'static str) -> Trade {
    Trade { word, industry }
}

/// Taiwan.
pub const TAIWAN: Words = Words {
    cities: &[
        city("臺北市", &["內湖區", "中山區", "信義區", "大安區"], &["瑞光路", "南京東路三段", "松仁路", "復興南路一段"], "114", "02", 25.0330, 121.5654),
        city("新北市", &["板橋區", "中和區", "新莊區", "三重區"], &["文化路一段", "中正路", "中山路二段", "重新路五段"], "220", "02", 25.0169, 121.4628),
        city("桃園市", &["桃園區", "中壢區", "龜山區"], &["中正路", "中華路一段", "文化一路"], "330", "03", 24.9936, 121.3010),
        city("新竹市", &["東區", "北區"], &["光復路二段", "中華路三段"], "300", "03", 24.8138, 120.9675),
        city("臺中市", &["西屯區", "南屯區", "大里區"], &["臺灣大道三段", "公益路二段", "國光路二段"], "407", "04", 24.1477, 120.6736),
        city("臺南市", &["永康區", "東區", "安平區"], &["中正南路", "東門路二段", "永華路二段"], "710", "06", 22.9997, 120.2270),
        city("高雄市", &["前鎮區", "三民區", "左營區"], &["成功二路", "九如一路", "博愛三路"], "806", "07", 22.6273, 120.3014),
    ],
    brands: &["鼎盛", "宏碩", "聯茂", "大同興", "永豐", "佳麗", "福泰", "正隆", "信昌", "台達興", "新光華", "東昇", "順發", "義成", "和泰豐", "金門行", "光陽", "長榮興", "瑞興", "振宇", "立榮", "廣達行", "全盈", "上好", "日昌", "三商興", "旭東", "龍泰", "祥發", "好厝邊"],
    trades: &[
        trade("食品", "食品"), trade("五金", "五金"), trade("生技", "生技醫療"), trade("電子", "電子零組件"), trade("包材", "包裝"), trade("紡織", "紡織"), trade("國際貿易", "貿易"), trade("物流", "物流"),
        trade("餐飲", "餐飲"), trade("汽車材料", "汽車材料"), trade("烘焙", "烘焙"), trade("機械", "機械"), trade("藥局", "藥局"), trade("文具", "文具"),
    ],
    suffixes: &[("股份有限公司", "company"), ("有限公司", "company"), ("企業社", "outlet"), ("實業有限公司", "company"), ("商行", "outlet"), ("企業股份有限公司", "distributor")],
    family_names: &[
        ("陳", "chen"), ("林", "lin"), ("黃", "huang"), ("張", "chang"), ("李", "lee"), ("王", "wang"), ("吳", "wu"), ("劉", "liu"), ("蔡", "tsai"), ("楊", "yang"), ("許", "hsu"), ("鄭", "cheng"), ("謝", "hsieh"), ("郭", "kuo"), ("洪", "hung"),
        ("曾", "tseng"), ("邱", "chiu"), ("廖", "liao"), ("賴", "lai"), ("周", "chou"), ("徐", "hsu"), ("蘇", "su"), ("葉", "yeh"), ("簡", "chien"), ("范姜", "fanchiang"),
    ],
    given_names: &[
        ("雅婷", "yating"), ("志明", "chihming"), ("怡君", "yichun"), ("俊傑", "chunchieh"), ("淑芬", "shufen"), ("家豪", "chiahao"), ("美玲", "meiling"), ("冠宇", "kuanyu"), ("佳穎", "chiaying"), ("建宏", "chienhung"), ("麗華", "lihua"), ("宗翰", "tsunghan"),
        ("詩涵", "shihhan"), ("文雄", "wenhsiung"), ("惠雯", "huiwen"), ("承恩", "chengen"), ("秀珠", "hsiuchu"), ("柏翰", "pohan"), ("玉珍", "yuchen"), ("信宏", "hsinhung"),
    ],
    titles: &[("總經理", "decision_maker"), ("董事長", "decision_maker"), ("老闆娘", "decision_maker"), ("採購經理", "purchasing"), ("採購專員", "purchasing"), ("廠長", "influencer"), ("店長", "influencer"), ("特助", "gatekeeper"), ("倉管", "user"), ("會計", "influencer")],
    sources: &["參展", "客戶介紹", "陌生開發", "官網詢問", "臉書"],
    tags: &["重點客戶", "月結60天", "現金", "需統編", "價格敏感", "連鎖", "節慶檔期"],
    competitors: &["大昌", "優美", "速配", "金獅"],
    access_notes: &["管理室換證，採購部在五樓", "卸貨走地下室，限高二一〇", "巷口不好停，停中正路停車場", "先打分機 12 找會計", "週三上午盤點不見人"],
    account_notes: &["老闆娘管帳，報價要含稅。", "中秋、過年前兩個月一定要先談檔期。", "之前交貨慢過一次，每次都會提，務必準時。", "發票開二聯，統編要跟總公司的。"],
    preferences: &["愛喝手沖咖啡", "LINE 已讀不回是正常的，下午再打", "喜歡爬百岳", "吃素", "小孩念國小，四點後不方便"],
};
