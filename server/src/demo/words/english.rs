use super::{City, Trade, Words};

#[expect(clippy::too_many_arguments, reason = "one line of a table")]
const fn city(
    country: &'static str,
    region: &'static str,
    name: &'static str,
    districts: &'static [&'static str],
    streets: &'static [&'static str],
    postcode: &'static str,
    dialling: &'static str,
    lat: f64,
    lng: f64,
) -> City {
    City { country, region, name, districts, streets, postcode, dialling, lat, lng }
}

const fn trade(word: &'static str, industry: &'static str) -> Trade {
    Trade { word, industry }
}

/// English-speaking customers abroad.
pub const ENGLISH: Words = Words {
    cities: &[
        city("United Kingdom", "", "London", &["Southwark", "Hackney", "Camden"], &["Tooley Street", "Mare Street", "Kentish Town Road", "Old Street"], "SE1 2TU", "+44 20", 51.5072, -0.1276),
        city("United Kingdom", "", "Manchester", &["Ancoats", "Trafford Park"], &["Great Ancoats Street", "Westinghouse Road", "Deansgate"], "M4 5AB", "+44 161", 53.4808, -2.2426),
        city("United Kingdom", "", "Bristol", &["Redcliffe", "Avonmouth"], &["Victoria Street", "St Andrew's Road"], "BS1 6AA", "+44 117", 51.4545, -2.5879),
        city("Singapore", "", "Singapore", &["Jurong", "Ubi", "Tuas"], &["Jurong Port Road", "Ubi Avenue 1", "Tuas South Avenue 5"], "619110", "+65", 1.3521, 103.8198),
        city("United States", "California", "San Jose", &[""], &["North First Street", "Story Road", "Monterey Road"], "95112", "+1 408", 37.3382, -121.8863),
        city("United States", "Texas", "Austin", &[""], &["East Cesar Chavez Street", "Burnet Road", "South Congress Avenue"], "78702", "+1 512", 30.2672, -97.7431),
        city("Australia", "Victoria", "Melbourne", &["Footscray", "Richmond"], &["Barkly Street", "Swan Street", "Somerville Road"], "3011", "+61 3", -37.8136, 144.9631),
        city("Canada", "Ontario", "Toronto", &["Etobicoke", "Leslieville"], &["Queen Street East", "Kipling Avenue", "Dundas Street West"], "M4M 1H8", "+1 416", 43.6532, -79.3832),
    ],
    brands: &["Harbour", "Northfield", "Bluebell", "Castlegate", "Redwood", "Kingfisher", "Summit", "Pennine", "Ashdown", "Lakeside", "Oak & Ivy", "Beacon", "Thornbury", "Fairview", "Granite", "Meridian", "Silverline", "Whitby", "Copperfield", "Juniper", "Marlow", "Foxglove", "Stonebridge", "Clearwater", "Windmill", "Halden", "Larkspur", "Eastgate", "Brightwell", "Cobalt"],
    trades: &[
        trade("Foods", "Food"), trade("Hardware", "Hardware"), trade("Medical Supplies", "Medical"), trade("Electronics", "Electronics"), trade("Packaging", "Packaging"), trade("Textiles", "Textiles"), trade("Building Supplies", "Building"),
        trade("Logistics", "Logistics"), trade("Catering", "Catering"), trade("Auto Parts", "Automotive"), trade("Bakery", "Bakery"), trade("Engineering", "Engineering"), trade("Pharmacy", "Pharmacy"), trade("Stationers", "Stationery"),
    ],
    suffixes: &[("Ltd", "company"), ("Inc.", "company"), ("Group", "company"), ("& Sons", "company"), ("Distribution", "distributor"), ("Store", "outlet"), ("Trading", "distributor")],
    family_names: &[
        ("Taylor", "taylor"), ("Patel", "patel"), ("Murphy", "murphy"), ("Nguyen", "nguyen"), ("Clarke", "clarke"), ("O'Neill", "oneill"), ("Hughes", "hughes"), ("Khan", "khan"), ("Bennett", "bennett"), ("Garcia", "garcia"), ("Fraser", "fraser"), ("Osei", "osei"),
        ("Lindqvist", "lindqvist"), ("Tan", "tan"), ("Whitaker", "whitaker"), ("Rossi", "rossi"), ("Kowalski", "kowalski"), ("Reid", "reid"), ("Marsh", "marsh"), ("Donovan", "donovan"),
    ],
    given_names: &[
        ("Sarah", "sarah"), ("James", "james"), ("Priya", "priya"), ("Tom", "tom"), ("Grace", "grace"), ("Daniel", "daniel"), ("Aisha", "aisha"), ("Mark", "mark"), ("Emily", "emily"), ("Kwame", "kwame"), ("Helen", "helen"), ("Luca", "luca"), ("Rachel", "rachel"),
        ("Owen", "owen"), ("Mei Lin", "meilin"), ("Peter", "peter"), ("Hannah", "hannah"), ("Joe", "joe"), ("Claire", "claire"), ("Ravi", "ravi"),
    ],
    titles: &[("Managing Director", "decision_maker"), ("Owner", "decision_maker"), ("Purchasing Manager", "purchasing"), ("Buyer", "purchasing"), ("Operations Manager", "influencer"), ("Store Manager", "influencer"), ("Site Engineer", "user"), ("Warehouse Lead", "user"), ("Receptionist", "gatekeeper"), ("Finance Director", "influencer")],
    sources: &["Trade show", "Referral", "Cold call", "Website", "LinkedIn"],
    tags: &["key account", "net 30", "prepaid", "price-sensitive", "cold storage", "multi-site", "seasonal"],
    competitors: &["Halcyon", "Broadline", "Quickserve", "Orion Supply"],
    access_notes: &["Sign in at the gatehouse; hi-vis needed past the yellow line", "Deliveries round the back before 11", "No parking - use the multi-storey opposite", "Ring the bell twice, reception is upstairs", "Closed to visitors on stock-take Wednesdays"],
    account_notes: &["They were let down on lead times last year: never promise a date we cannot keep.", "Decisions are made by the family on Sundays; send quotes by Friday noon.", "Invoices go to head office, goods to the site.", "Budget year starts in April; real money is spent in May."],
    preferences: &["Prefers e-mail, answers before 9", "Keen cyclist", "Vegetarian", "Call after the school run", "Supports Leeds, tread carefully on Mondays"],
};
